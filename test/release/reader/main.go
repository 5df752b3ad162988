// Command reader says what an executable is, by readers that this project did not write: Go's own of ELF and PE, and
// github.com/blacktop/go-macho of Mach-O and its signature. It writes the blob of Node's single executables to a file.
//
//	reader EXECUTABLE [BLOB]
package main

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"debug/pe"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"

	"github.com/blacktop/go-macho"
)

type report struct {
	Format, Machine string
	// Libraries that the system has to have.
	Libraries []string
	// Symbols that only a linker or a debugger would look at.
	LocalSymbols int
	// Of a Windows executable: bytes of the signature of whoever made the runtime.
	CertificateBytes uint32
	// Of a Mach-O file: its pointers that are put in place when it is loaded, each with what it points to.
	Fixups     int
	FixupsHash string
	Signature  *signature `json:",omitempty"`
}

type signature struct {
	Identifier, Flags string
	Pages, Wrong      int
	// Whether it ends where the code ends, and the file where it ends.
	CoversAll bool
}

const name = "NODE_SEA_BLOB"

func main() {
	content, err := os.ReadFile(os.Args[1])
	check(err)
	reader := bytes.NewReader(content)
	var found report
	var blob []byte
	switch {
	case bytes.HasPrefix(content, []byte("\x7fELF")):
		found, blob = readELF(reader)
	case bytes.HasPrefix(content, []byte("MZ")):
		found, blob = readPE(reader)
	default:
		found, blob = readMachO(reader, content)
	}
	if len(os.Args) > 2 {
		check(os.WriteFile(os.Args[2], blob, 0o600))
	}
	check(json.NewEncoder(os.Stdout).Encode(found))
}

func readELF(reader *bytes.Reader) (report, []byte) {
	file, err := elf.NewFile(reader)
	check(err)
	libraries, err := file.ImportedLibraries()
	check(err)
	symbols, _ := file.Symbols()
	found := report{Format: "ELF", Machine: file.Machine.String(), Libraries: libraries, LocalSymbols: len(symbols)}
	for _, segment := range file.Progs {
		if segment.Type != elf.PT_NOTE {
			continue
		}
		note := make([]byte, segment.Filesz)
		_, err := segment.ReadAt(note, 0)
		check(err)
		for len(note) >= 12 {
			nameSize, size := binary.LittleEndian.Uint32(note), binary.LittleEndian.Uint32(note[4:])
			start := 12 + aligned(nameSize)
			if string(bytes.TrimRight(note[12:12+nameSize], "\x00")) == name {
				return found, note[start : start+size]
			}
			note = note[min(uint32(len(note)), start+aligned(size)):]
		}
	}
	panic("no note " + name)
}

func aligned(size uint32) uint32 { return (size + 3) &^ 3 }

func readPE(reader *bytes.Reader) (report, []byte) {
	file, err := pe.NewFile(reader)
	check(err)
	libraries, err := file.ImportedSymbols()
	check(err)
	header := file.OptionalHeader.(*pe.OptionalHeader64)
	found := report{Format: "PE", Machine: fmt.Sprintf("%#x", file.Machine), LocalSymbols: len(file.Symbols)}
	found.CertificateBytes = header.DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].Size
	seen := map[string]bool{}
	for _, symbol := range libraries {
		library := symbol[bytes.IndexByte([]byte(symbol), ':')+1:]
		if !seen[library] {
			found.Libraries = append(found.Libraries, library)
		}
		seen[library] = true
	}
	at := header.DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_RESOURCE].VirtualAddress
	for _, section := range file.Sections {
		if section.VirtualAddress > at || at >= section.VirtualAddress+section.VirtualSize {
			continue
		}
		data, err := section.Data()
		check(err)
		return found, resource(data[at-section.VirtualAddress:], 0, 0, at)
	}
	panic("no resources")
}

// resource follows the tables type, name, language to the data of the resource of our name.
func resource(tree []byte, table uint32, depth int, base uint32) []byte {
	named := uint32(binary.LittleEndian.Uint16(tree[table+12:]))
	all := named + uint32(binary.LittleEndian.Uint16(tree[table+14:]))
	for index := uint32(0); index < all; index++ {
		entry := tree[table+16+index*8:]
		id, next := binary.LittleEndian.Uint32(entry), binary.LittleEndian.Uint32(entry[4:])
		if depth == 1 && (id>>31 == 0 || text(tree[id&^(1<<31):]) != name) {
			continue
		}
		if next>>31 == 0 {
			address, size := binary.LittleEndian.Uint32(tree[next:]), binary.LittleEndian.Uint32(tree[next+4:])
			return tree[address-base : address-base+size]
		}
		if found := resource(tree, next&^(1<<31), depth+1, base); found != nil {
			return found
		}
	}
	return nil
}

func text(utf16 []byte) string {
	letters := make([]byte, binary.LittleEndian.Uint16(utf16))
	for index := range letters {
		letters[index] = utf16[2+2*index]
	}
	return string(letters)
}

func readMachO(reader *bytes.Reader, content []byte) (report, []byte) {
	file, err := macho.NewFile(reader)
	check(err)
	found := report{Format: "Mach-O", Machine: file.CPU.String() + " " + file.Type.String()}
	found.Libraries = file.ImportedLibraries()
	found.LocalSymbols = int(file.Dysymtab.Nlocalsym)
	chains, err := file.DyldChainedFixups()
	check(err)
	_, err = chains.Parse()
	check(err)
	hash := sha256.New()
	for _, start := range chains.Starts {
		found.Fixups += len(start.Fixups)
		for _, fixup := range start.Fixups {
			fmt.Fprintln(hash, fixup.Offset(), fixup.String())
		}
	}
	found.FixupsHash = fmt.Sprintf("%x", hash.Sum(nil))
	load := file.CodeSignature()
	directory := load.CodeDirectories[0]
	signed := signature{Identifier: directory.ID, Flags: directory.Header.Flags.String(), Pages: len(directory.CodeSlots)}
	limit := int(directory.Header.CodeLimit)
	size := 1 << directory.Header.PageSize
	for _, slot := range directory.CodeSlots {
		hash := sha256.Sum256(content[slot.Page:min(int(slot.Page)+size, limit)])
		if !bytes.Equal(hash[:], slot.Hash) {
			signed.Wrong++
		}
	}
	signed.CoversAll = limit == int(load.Offset) && int(load.Offset+load.Size) == len(content) &&
		(limit+size-1)/size == len(directory.CodeSlots)
	found.Signature = &signed
	section := file.Section("NODE_SEA", "__"+name)
	if section == nil {
		return found, nil
	}
	blob, err := section.Data()
	check(err)
	return found, blob
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
