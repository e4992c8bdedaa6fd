// Finds values with the JSONPath of Kubernetes' own library. Reads rows of JSON from standard
// input, {"path", "data"}, and writes them with what came of them: "parse" or "find" (the error),
// or "lists", what each text and action of the path found; "panic" when the library gave up.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/client-go/util/jsonpath"
)

type row struct {
	Path  string          `json:"path"`
	Data  json.RawMessage `json:"data"`
	Parse string          `json:"parse,omitempty"`
	Find  string          `json:"find,omitempty"`
	Panic bool            `json:"panic,omitempty"`
	Lists [][]any         `json:"lists,omitempty"`
}

func (r *row) fill() {
	defer func() {
		if recover() != nil {
			r.Panic = true
		}
	}()
	r.Parse, r.Find, r.Panic, r.Lists = "", "", false, nil
	var data any
	if err := json.Unmarshal(r.Data, &data); err != nil {
		panic(err)
	}
	path := jsonpath.New("metrics")
	if err := path.Parse(r.Path); err != nil {
		r.Parse = err.Error()
		return
	}
	results, err := path.FindResults(data)
	if err != nil {
		r.Find = err.Error()
		return
	}
	for _, list := range results {
		values := []any{}
		for _, value := range list {
			if value.IsValid() {
				values = append(values, value.Interface())
			} else {
				values = append(values, nil)
			}
		}
		r.Lists = append(r.Lists, values)
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			panic(err)
		}
		r.fill()
		if err := out.Encode(r); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
