// Prints what kubectl makes of documents: for each text of the JSON array on standard input the objects that its decoder finds, or that it refuses it.
// As kubectl's StreamVisitor reads files: apimachinery's YAMLOrJSONDecoder, over sigs.k8s.io/yaml.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
)

type outcome struct {
	Documents []json.RawMessage `json:"documents,omitempty"`
	Refused   string            `json:"refused,omitempty"`
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		panic(err)
	}
	outcomes := make([]outcome, 0, len(texts))
	for _, text := range texts {
		outcomes = append(outcomes, read(text))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(outcomes); err != nil {
		panic(err)
	}
}

func read(text string) (found outcome) {
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), 4096)
	for {
		extension := runtime.RawExtension{}
		if err := decoder.Decode(&extension); err != nil {
			if errors.Is(err, io.EOF) {
				return found
			}
			return outcome{Refused: err.Error()}
		}
		raw := bytes.TrimSpace(extension.Raw)
		if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
			continue
		}
		found.Documents = append(found.Documents, append([]byte{}, raw...))
	}
}
