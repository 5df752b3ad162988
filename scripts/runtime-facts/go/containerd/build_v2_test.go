package server

import (
	runtime "CRI"
	imagespec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/opencontainers/runtime-spec/specs-go"

	"MODULE/facts"
	"MODULE/internal/cri/config"
)

func buildSpec(service *criService, container *runtime.ContainerConfig, sandbox *runtime.PodSandboxConfig, image *imagespec.ImageConfig) (*specs.Spec, error) {
	handler := config.Runtime{PrivilegedWithoutHostDevices: facts.Setting("privileged_without_host_devices")}
	return service.buildContainerSpec(currentPlatform, "id", "sandbox", 1234, "", "container", "image", container, sandbox, image, nil, handler, nil)
}
