// Runs a command to its end, reading all that it prints, and says as JSON what it cost. Peak memory is that of the largest process among
// the command and its children, as the kernel counted it (wait4), so that nothing has to be polled.
package main

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

type cost struct {
	Exit    int     `json:"exit"`
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"cpu"`
	Memory  int64   `json:"memory"`  // bytes
	Printed int64   `json:"printed"` // bytes
}

func main() {
	command := exec.Command(os.Args[1], os.Args[2:]...)
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	check(err)
	started := time.Now()
	check(command.Start())
	printed, err := io.Copy(io.Discard, output)
	check(err)
	_ = command.Wait() // a failure shows in the exit code
	seconds := time.Since(started).Seconds()
	state := command.ProcessState
	memory := state.SysUsage().(*syscall.Rusage).Maxrss * 1024 // Linux counts in KiB
	cpu := (state.UserTime() + state.SystemTime()).Seconds()
	check(json.NewEncoder(os.Stdout).Encode(cost{state.ExitCode(), seconds, cpu, memory, printed}))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
