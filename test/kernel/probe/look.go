package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// seen is what one process found out. Results are "" where it worked, else the error.
type seen struct {
	Sockets map[string]string `json:"sockets"`
	// Taking another address, which NET_ADMIN is for.
	TakeAddress string            `json:"takeAddress"`
	Status      map[string]string `json:"status"`
}

// notStarted is said of a copy that the kernel doesn't let start.
type notStarted struct {
	Exec string `json:"exec"`
}

const xdp = 44 // AF_XDP, younger than the package syscall

var sockets = []struct {
	name                   string
	family, kind, protocol int
}{
	{"AF_INET SOCK_RAW", syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_ICMP},
	{"AF_INET6 SOCK_RAW", syscall.AF_INET6, syscall.SOCK_RAW, syscall.IPPROTO_ICMPV6},
	{"AF_PACKET SOCK_RAW", syscall.AF_PACKET, syscall.SOCK_RAW, 0},
	{"AF_PACKET SOCK_DGRAM", syscall.AF_PACKET, syscall.SOCK_DGRAM, 0},
	{"AF_XDP SOCK_RAW", xdp, syscall.SOCK_RAW, 0},
	{"AF_INET SOCK_DGRAM IPPROTO_ICMP", syscall.AF_INET, syscall.SOCK_DGRAM, syscall.IPPROTO_ICMP},
}

func look() seen {
	found := seen{Sockets: map[string]string{}, TakeAddress: name(takeAddress()), Status: status()}
	for _, each := range sockets {
		fd, err := syscall.Socket(each.family, each.kind|syscall.SOCK_CLOEXEC, each.protocol)
		if err == nil {
			syscall.Close(fd)
		}
		found.Sockets[each.name] = name(err)
	}
	return found
}

// started is what another copy sees.
func started(path string) any {
	command := exec.Command(path, "one")
	command.Stderr = os.Stderr
	output, err := command.Output()
	var errno syscall.Errno
	if command.Process == nil && errors.As(err, &errno) {
		return notStarted{name(errno)}
	}
	check(err)
	return json.RawMessage(output)
}

func status() map[string]string {
	content, err := os.ReadFile("/proc/self/status")
	check(err)
	fields := map[string]string{}
	for _, line := range bytes.Split(content, []byte("\n")) {
		key, value, _ := strings.Cut(string(line), ":")
		switch key {
		case "Uid", "NoNewPrivs", "Seccomp", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb":
			fields[key] = strings.TrimSpace(value)
		}
	}
	return fields
}

func name(err error) string {
	if err == nil {
		return ""
	}
	var errno syscall.Errno
	if errors.As(err, &errno) && names[errno] != "" {
		return names[errno]
	}
	return err.Error()
}

var names = map[syscall.Errno]string{
	syscall.EPERM:           "EPERM",
	syscall.EACCES:          "EACCES",
	syscall.EAFNOSUPPORT:    "EAFNOSUPPORT",
	syscall.EPROTONOSUPPORT: "EPROTONOSUPPORT",
	syscall.ESOCKTNOSUPPORT: "ESOCKTNOSUPPORT",
}
