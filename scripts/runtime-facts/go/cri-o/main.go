// The container of CRI-O as CreateContainer makes it, as far as its capabilities go.
package main

import (
	"context"

	types "k8s.io/cri-api/pkg/apis/runtime/v1"

	"MODULE/facts"
	"MODULE/internal/config/capabilities"
	"MODULE/internal/factory/container"
	"MODULE/pkg/config"
)

func main() {
	server := &config.Config{}
	server.DefaultCapabilities = capabilities.Default()
	server.AddInheritableCapabilities = facts.Setting("add_inheritable_capabilities")
	facts.Run(func(each facts.Case) (facts.Users, error) {
		created, err := container.New()
		if err != nil {
			return facts.Users{}, err
		}
		security := &types.LinuxContainerSecurityContext{Privileged: each.Privileged}
		if each.Add != nil || each.Drop != nil {
			security.Capabilities = &types.Capability{AddCapabilities: each.Add, DropCapabilities: each.Drop}
		}
		asked := &types.ContainerConfig{Metadata: &types.ContainerMetadata{Name: "container"}, Linux: &types.LinuxContainerConfig{SecurityContext: security}}
		sandbox := &types.PodSandboxConfig{Linux: &types.LinuxPodSandboxConfig{SecurityContext: &types.LinuxSandboxSecurityContext{Privileged: each.Privileged}}}
		if err := created.SetConfig(asked, sandbox); err != nil {
			return facts.Users{}, err
		}
		if err := created.SetPrivileged(); err != nil {
			return facts.Users{}, err
		}
		if err := created.SpecSetPrivileges(context.Background(), security, server); err != nil {
			return facts.Users{}, err
		}
		return facts.SameForAll(created.Spec().Config.Process.Capabilities), nil
	})
}
