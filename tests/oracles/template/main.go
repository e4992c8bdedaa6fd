// Says what Go's text/template with sprig makes of templates: one JSON object a line in and out.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
)

// Row is a template, its data, and what comes of it.
type Row struct {
	Data     json.RawMessage `json:"data,omitempty"`
	Template string          `json:"t"`
	// Whole numbers of the data are int64, as in objects of Kubernetes; otherwise float64.
	Whole bool    `json:"whole,omitempty"`
	Own   any     `json:"d,omitempty"`
	Out   *string `json:"o,omitempty"`
	// "parse" or "exec".
	Error string `json:"e,omitempty"`
}

var now = time.Date(2024, 5, 6, 7, 8, 9, 123000000, time.UTC)

func functions() template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["now"] = func() time.Time { return now }
	return all
}

func clock() map[string]any {
	return map[string]any{
		"Now": func() time.Time { return now },
		"Parse": func(text string) time.Time {
			at, err := time.Parse(time.RFC3339, text)
			if err != nil {
				panic(err)
			}
			return at
		},
	}
}

// whole makes int64 of whole numbers and float64 of the others.
func whole(value any) any {
	switch typed := value.(type) {
	case json.Number:
		if number, err := typed.Int64(); err == nil {
			return number
		}
		number, _ := typed.Float64()
		return number
	case []any:
		for index := range typed {
			typed[index] = whole(typed[index])
		}
	case map[string]any:
		for key := range typed {
			typed[key] = whole(typed[key])
		}
	}
	return value
}

func decode(text []byte, isWhole bool) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if isWhole {
		decoder.UseNumber()
	}
	var value any
	if err := decoder.Decode(&value); err != nil {
		panic(err)
	}
	if isWhole {
		return whole(value)
	}
	return value
}

func run(row *Row, data []byte) {
	row.Out, row.Error = nil, ""
	if row.Own != nil {
		data, _ = json.Marshal(row.Own)
	}
	value := decode(data, row.Whole)
	if fields, ok := value.(map[string]any); ok {
		fields["time"] = clock()
	}
	parsed, err := template.New("t").Funcs(functions()).Parse(row.Template)
	if err != nil {
		row.Error = "parse"
		report(row, err)
		return
	}
	var out strings.Builder
	if err := parsed.Execute(&out, value); err != nil {
		row.Error = "exec"
		report(row, err)
		return
	}
	text := out.String()
	row.Out = &text
}

func report(row *Row, err error) {
	if os.Getenv("VERBOSE") != "" {
		fmt.Fprintf(os.Stderr, "%s\n    %v\n", row.Template, err)
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	var data json.RawMessage
	for lines.Scan() {
		var row Row
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			panic(err)
		}
		if row.Data != nil {
			data = row.Data
			fmt.Println(lines.Text())
			continue
		}
		run(&row, data)
		if err := out.Encode(row); err != nil {
			panic(err)
		}
	}
}
