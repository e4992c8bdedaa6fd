// Evaluates expressions with expr-lang, in the environment that conditions of metrics have. Reads
// rows of JSON from standard input, {"expr", "shape", "result"}, and writes them with what came of
// them: "compile" or "run" (the error), or "type" and "value".
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/expr-lang/expr"
)

type row struct {
	Expr    string          `json:"expr"`
	Result  json.RawMessage `json:"result,omitempty"`
	Shape   string          `json:"shape,omitempty"`
	Type    string          `json:"type,omitempty"`
	Value   any             `json:"value,omitempty"`
	Compile string          `json:"compile,omitempty"`
	Run     string          `json:"run,omitempty"`
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// What a provider measured: "scalar" and "vector" hold numbers, or their names ("NaN", "+Inf").
func measured(shape string, text json.RawMessage) any {
	var value any
	if len(text) > 0 {
		check(json.Unmarshal(text, &value))
	}
	switch shape {
	case "scalar":
		return float(value)
	case "vector":
		list := []float64{}
		for _, element := range value.([]any) {
			list = append(list, float(element))
		}
		return list
	}
	return value
}

func float(value any) float64 {
	if number, ok := value.(float64); ok {
		return number
	}
	number, err := strconv.ParseFloat(value.(string), 64)
	check(err)
	return number
}

// asInt and asFloat take numbers and texts; everything else is a panic, which becomes an error.
func asInt(value any) int64 {
	if text, ok := value.(string); ok {
		number, err := strconv.ParseInt(text, 10, 64)
		check(err)
		return number
	}
	if number, ok := value.(float64); ok {
		return int64(number)
	}
	if number, ok := value.(int); ok {
		return int64(number)
	}
	if number, ok := value.(int64); ok {
		return number
	}
	panic(fmt.Sprintf("asInt() not supported on %T %v", value, value))
}

func asFloat(value any) float64 {
	if text, ok := value.(string); ok {
		number, err := strconv.ParseFloat(text, 64)
		check(err)
		return number
	}
	if number, ok := value.(float64); ok {
		return number
	}
	if number, ok := value.(int); ok {
		return float64(number)
	}
	if number, ok := value.(int64); ok {
		return float64(number)
	}
	panic(fmt.Sprintf("asFloat() not supported on %T %v", value, value))
}

func environment(result any) map[string]any {
	return map[string]any{
		"result":  result,
		"asInt":   asInt,
		"asFloat": asFloat,
		"isNaN":   math.IsNaN,
		"isInf":   func(number float64) bool { return math.IsInf(number, 0) },
		"isNil":   func(any) bool { return result == nil },
		"default": func(value any, otherwise any) any {
			if value == nil {
				return otherwise
			}
			return value
		},
	}
}

// A value as JSON; ints are texts, elements of lists and maps say their type.
func shown(value any) any {
	typed := func(element any) any {
		return map[string]any{"t": fmt.Sprintf("%T", element), "v": shown(element)}
	}
	switch it := value.(type) {
	case nil, bool, string, []int:
		return it
	case float64:
		if math.IsNaN(it) || math.IsInf(it, 0) {
			return strconv.FormatFloat(it, 'g', -1, 64)
		}
		return it
	case []float64:
		list := []any{}
		for _, element := range it {
			list = append(list, shown(element))
		}
		return list
	case []any:
		list := []any{}
		for _, element := range it {
			list = append(list, typed(element))
		}
		return list
	case map[string]any:
		fields := map[string]any{}
		for key, element := range it {
			fields[key] = typed(element)
		}
		return fields
	case time.Time:
		return it.Format(time.RFC3339Nano)
	case []byte:
		return fmt.Sprintf("%x", it)
	}
	return fmt.Sprintf("%v", value)
}

func evaluate(one *row) {
	one.Type, one.Value, one.Compile, one.Run = "", nil, "", ""
	names := environment(measured(one.Shape, one.Result))
	program, err := expr.Compile(one.Expr, expr.Env(names))
	if err != nil {
		one.Compile = err.Error()
		return
	}
	value, err := expr.Run(program, names)
	if err != nil {
		one.Run = err.Error()
		return
	}
	one.Type, one.Value = fmt.Sprintf("%T", value), shown(value)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	for lines.Scan() {
		var one row
		check(json.Unmarshal(lines.Bytes(), &one))
		evaluate(&one)
		check(output.Encode(one))
	}
}
