// Runs in containerd's package of the CRI server, on the service and the container of upstream's own tests.
package server

import (
	"testing"

	"MODULE/facts"
	"MODULE/pkg/cap"
)

// Has the whole spec of each container made, as CreateContainer does. Its user is set later, which changes no capability.
func TestFacts(t *testing.T) {
	all, err := cap.Current() // as initPlatform does
	if err != nil {
		t.Fatal(err)
	}
	facts.Run(func(each facts.Case) (facts.Users, error) {
		container, sandbox, image, _ := getCreateContainerTestData()
		context := container.Linux.SecurityContext
		if each.Add != nil || each.Drop != nil {
			facts.Allocate(&context.Capabilities)
			context.Capabilities.AddCapabilities = each.Add
			context.Capabilities.DropCapabilities = each.Drop
		}
		context.Privileged = each.Privileged
		sandbox.Linux.SecurityContext.Privileged = each.Privileged
		service := newTestCRIService()
		service.allCaps = all
		service.config.TolerateMissingHugetlbController = true // which the container asks for, and this machine may lack
		spec, err := buildSpec(service, container, sandbox, image)
		if err != nil {
			t.Fatal(err) // containerd refuses no capability: it is this file that is wrong
		}
		return facts.SameForAll(spec.Process.Capabilities), nil
	})
}
