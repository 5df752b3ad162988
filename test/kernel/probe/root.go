package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// The copies, as a container sees them.
const (
	plain          = "/probe"
	setuid         = "/setuid"
	fileCapability = "/file-capability"
)

// prepare fills the directory root. It fails on a file system that would ignore what makes the copies what they are.
func prepare(root string, owner uint32) error {
	if err := os.MkdirAll(filepath.Join(root, "proc"), 0o755); err != nil {
		return err
	}
	if err := os.Chown(root, int(owner), int(owner)); err != nil {
		return err
	}
	var mounted syscall.Statfs_t
	if err := syscall.Statfs(root, &mounted); err != nil {
		return err
	}
	if mounted.Flags&(syscall.MS_NOSUID|syscall.MS_NOEXEC) != 0 {
		return fmt.Errorf("%s is mounted nosuid or noexec", root)
	}
	for _, name := range []string{plain, setuid, fileCapability} {
		if err := copyTo(filepath.Join(root, name), int(owner)); err != nil {
			return err
		}
	}
	// After the owner: changing that takes both away.
	if err := syscall.Chmod(filepath.Join(root, setuid), 0o4755); err != nil {
		return err
	}
	if err := syscall.Setxattr(filepath.Join(root, fileCapability), "security.capability", netRaw(owner), 0); err != nil {
		return fmt.Errorf("no file capabilities on %s: %w", root, err)
	}
	return nil
}

func copyTo(path string, owner int) error {
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	if err := to.Close(); err != nil {
		return err
	}
	return os.Chown(path, owner, owner)
}

// netRaw is cap_net_raw+ep as struct vfs_ns_cap_data of linux/capability.h, good where owner is root.
func netRaw(owner uint32) []byte {
	const revision3, effective, capNetRaw = 0x03000000, 1, 13
	value := make([]byte, 20, 24)
	binary.LittleEndian.PutUint32(value, revision3|effective)
	binary.LittleEndian.PutUint32(value[4:], 1<<capNetRaw)
	return binary.LittleEndian.AppendUint32(value, owner)
}
