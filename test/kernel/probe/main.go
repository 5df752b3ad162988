// Command probe says which sockets the kernel lets it open, as JSON.
//
//	probe prepare ROOT OWNER   makes ROOT the root of a container: this program three times, two of them with powers of their own,
//	                           all owned by OWNER, the user that is root in the container
//	probe all                  in there: itself, then the two others
//	probe one                  itself alone
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
)

func main() {
	// Nothing that a test forgot outlives this: the processes of a container end with its first.
	time.AfterFunc(10*time.Second, func() { fail("it took ten seconds") })
	arguments := append(os.Args[1:], "", "", "")
	switch arguments[0] {
	case "prepare":
		owner, err := strconv.ParseUint(arguments[2], 10, 32)
		check(err)
		check(prepare(arguments[1], uint32(owner)))
	case "all":
		print(map[string]any{"plain": look(), "setuid": started(setuid), "fileCapability": started(fileCapability)})
	case "one":
		print(look())
	default:
		fail("what?")
	}
}

func print(value any) { check(json.NewEncoder(os.Stdout).Encode(value)) }

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, "probe:", why)
	os.Exit(1)
}
