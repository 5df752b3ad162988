// Answers, a line of JSON each, what Go's regexp makes of a pattern and texts: the judge of what policies match.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
)

type question struct {
	Pattern     string   `json:"pattern"`
	Texts       []string `json:"texts"`
	Replacement string   `json:"replacement"`
}

type outcome struct {
	// The first match, null where there is none.
	Find *string `json:"find"`
	// Every match.
	All []string `json:"all"`
	// The first two alone.
	Two []string `json:"two"`
	// Every match replaced, with and without references to groups.
	Replaced string `json:"replaced"`
	Literal  string `json:"literal"`
}

type answer struct {
	// Why the pattern does not compile.
	Error    string    `json:"error,omitempty"`
	Outcomes []outcome `json:"outcomes,omitempty"`
}

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	decoder, encoder := json.NewDecoder(in), json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for decoder.More() {
		var asked question
		if err := decoder.Decode(&asked); err != nil {
			panic(err)
		}
		if err := encoder.Encode(ask(asked)); err != nil {
			panic(err)
		}
	}
}

func ask(asked question) answer {
	pattern, err := regexp.Compile(asked.Pattern)
	if err != nil {
		return answer{Error: err.Error()}
	}
	given := answer{}
	for _, text := range asked.Texts {
		each := outcome{All: pattern.FindAllString(text, -1), Two: pattern.FindAllString(text, 2)}
		if found := pattern.FindStringIndex(text); found != nil {
			whole := text[found[0]:found[1]]
			each.Find = &whole
		}
		each.Replaced = pattern.ReplaceAllString(text, asked.Replacement)
		each.Literal = pattern.ReplaceAllLiteralString(text, asked.Replacement)
		given.Outcomes = append(given.Outcomes, each)
	}
	return given
}
