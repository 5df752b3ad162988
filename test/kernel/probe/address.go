package main

import (
	"encoding/binary"
	"syscall"
)

// takeAddress gives the loopback interface 192.0.2.1/32, an address for documentation (RFC 5737), and takes it away again.
func takeAddress() error {
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, syscall.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	if err := ask(fd, syscall.RTM_NEWADDR, syscall.NLM_F_CREATE|syscall.NLM_F_EXCL); err != nil {
		return err
	}
	return ask(fd, syscall.RTM_DELADDR, 0)
}

func ask(fd int, what, flags uint16) error {
	if err := syscall.Sendto(fd, message(what, flags), 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return err
	}
	answer := make([]byte, syscall.Getpagesize())
	n, _, err := syscall.Recvfrom(fd, answer, 0)
	if err != nil {
		return err
	}
	messages, err := syscall.ParseNetlinkMessage(answer[:n])
	if err != nil {
		return err
	}
	// NLMSG_ERROR begins with the errno, negative; 0 acknowledges.
	if errno := -int32(binary.NativeEndian.Uint32(messages[0].Data)); errno != 0 {
		return syscall.Errno(errno)
	}
	return nil
}

// message is a struct nlmsghdr, a struct ifaddrmsg, and the address twice.
func message(what, flags uint16) []byte {
	const length, loopback, bits = 16 + 8 + 2*8, 1, 32
	order := binary.NativeEndian
	bytes := order.AppendUint32(nil, length)
	bytes = order.AppendUint16(bytes, what)
	bytes = order.AppendUint16(bytes, syscall.NLM_F_REQUEST|syscall.NLM_F_ACK|flags)
	bytes = append(bytes, make([]byte, 8)...) // sequence, port
	bytes = append(bytes, syscall.AF_INET, bits, 0, syscall.RT_SCOPE_UNIVERSE)
	bytes = order.AppendUint32(bytes, loopback)
	for _, attribute := range []uint16{syscall.IFA_LOCAL, syscall.IFA_ADDRESS} {
		bytes = order.AppendUint16(bytes, 8)
		bytes = order.AppendUint16(bytes, attribute)
		bytes = append(bytes, 192, 0, 2, 1)
	}
	return bytes
}
