// Package facts asks a container runtime about one case after another. It is copied into the runtime's own module, whose path stands for MODULE
// in these files, and is kept to what Go 1.13 understands, since old modules say which Go they are written in.
package facts

import (
	"encoding/json"
	"os"
	"reflect"

	"github.com/opencontainers/runtime-spec/specs-go"
)

// A Case is what a container asks for. Nil lists: its security context has no capabilities.
type Case struct {
	Add        []string `json:"add"`
	Drop       []string `json:"drop"`
	Privileged bool     `json:"privileged"`
}

// Users are the capabilities in the OCI spec of a container that runs as uid 0, and of one that runs as another.
type Users struct {
	Root    *specs.LinuxCapabilities `json:"root,omitempty"`
	Other   *specs.LinuxCapabilities `json:"other,omitempty"`
	Refused string                   `json:"refused,omitempty"`
}

// SameForAll is for runtimes that write the capabilities without regard to the user.
func SameForAll(capabilities *specs.LinuxCapabilities) Users {
	return Users{Root: capabilities, Other: capabilities}
}

// Setting says whether the runtime is to be configured so: the name of a switch in its configuration file.
func Setting(name string) bool {
	return os.Getenv("FACTS_SETTING") == name
}

// Allocate makes the struct that the given pointer to a pointer points to, whose package differs between versions.
func Allocate(pointer interface{}) {
	field := reflect.ValueOf(pointer).Elem()
	field.Set(reflect.New(field.Type().Elem()))
}

// Run answers the cases in the file FACTS_CASES, in their order, into the file FACTS_RESULTS.
func Run(ask func(Case) (Users, error)) {
	var cases []Case
	text, err := os.ReadFile(os.Getenv("FACTS_CASES"))
	check(err)
	check(json.Unmarshal(text, &cases))
	results := make([]Users, len(cases))
	for index, each := range cases {
		users, err := ask(each)
		if err != nil {
			users = Users{Refused: err.Error()}
		}
		results[index] = users
	}
	text, err = json.Marshal(results)
	check(err)
	check(os.WriteFile(os.Getenv("FACTS_RESULTS"), text, 0o644))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
