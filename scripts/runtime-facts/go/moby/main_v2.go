// What validateCapabilities in moby's daemon/container.go and WithCapabilities in its daemon/oci_linux.go do, without the daemon.
package main

import (
	"context"

	containerd "github.com/containerd/containerd/v2/pkg/oci"
	"github.com/opencontainers/runtime-spec/specs-go"

	"MODULE/daemon/pkg/oci"
	"MODULE/daemon/pkg/oci/caps"
	"MODULE/facts"
)

func main() {
	facts.Run(func(each facts.Case) (users facts.Users, err error) {
		if users.Root, err = capabilities(each, 0); err != nil {
			return users, err
		}
		users.Other, err = capabilities(each, 1000)
		return users, err
	})
}

func capabilities(each facts.Case, uid uint32) (*specs.LinuxCapabilities, error) {
	if _, err := caps.NormalizeLegacyCapabilities(each.Add); err != nil {
		return nil, err
	}
	if _, err := caps.NormalizeLegacyCapabilities(each.Drop); err != nil {
		return nil, err
	}
	list, err := caps.TweakCapabilities(caps.DefaultCapabilities(), each.Add, each.Drop, each.Privileged)
	if err != nil {
		return nil, err
	}
	spec := oci.DefaultSpec()
	spec.Process.User.UID = uid
	err = containerd.WithCapabilities(list)(context.Background(), nil, nil, &spec)
	return spec.Process.Capabilities, err
}
