package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
)

// A plan file is JSON Lines: a header, one line a change in the order of the plan,
// one line a contact that prune spares, and a trailer. Each line is one JSON object whose last member is the CRC-32C of
// all bytes before it, in eight hex digits:
//
//	{"format":"contactsync.plan","version":1,"portal":"12345678",…,"crc":"6f2c1a90"}
//	{"action":"create","email":"ada@example.com",…,"crc":"0b8e44d1"}
//	{"standing":"protected","email":"kim@example.com",…,"crc":"5d10c7f2"}
//	{"counts":{"declared":1,…},"digest":"sha256:…","crc":"99e01c5f"}
//
// The checksum finds the damaged line; the digest holds the lines together. There
// is one way to write a plan: a line that would be written differently is refused,
// so duplicate keys, other escapes and unknown members cannot hide anything.
const (
	formatName    = "contactsync.plan"
	formatVersion = 1

	// maxLine bounds what a reader keeps of a file that is no plan.
	maxLine = 16 << 20
)

type header struct {
	Format  string   `json:"format"`
	Version int      `json:"version"`
	Portal  string   `json:"portal"`
	Files   string   `json:"files,omitempty"`
	Limits  Limits   `json:"limits"`
	Watch   []string `json:"watch,omitempty"`
}

type trailer struct {
	Counts Counts `json:"counts"`
	Digest string `json:"digest"`
}

// object writes a value as one JSON object without a line end.
func object(into *bytes.Buffer, value any) error {
	into.Reset()
	encoder := json.NewEncoder(into)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	into.Truncate(into.Len() - 1)
	return nil
}

const crcMember = `,"crc":"00000000"}`

func crcOf(body []byte) string {
	return fmt.Sprintf(`,"crc":"%08x"}`, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
}

// writeLine writes a value as a line of a plan file.
func writeLine(w io.Writer, buffer *bytes.Buffer, value any) error {
	if err := object(buffer, value); err != nil {
		return err
	}
	buffer.Truncate(buffer.Len() - 1)
	buffer.WriteString(crcOf(buffer.Bytes()))
	buffer.WriteByte('\n')
	if buffer.Len() > maxLine {
		return fmt.Errorf("a change takes more than %d bytes", maxLine)
	}
	_, err := w.Write(buffer.Bytes())
	return err
}

// readLine reads a value from a line without its line end. The line must be, byte
// for byte, what writeLine writes for that value.
func readLine(line []byte, buffer *bytes.Buffer, value any) error {
	if len(line) < len(crcMember) {
		return fmt.Errorf("%w: the line is cut", ErrDamaged)
	}
	body, crc := line[:len(line)-len(crcMember)], line[len(line)-len(crcMember):]
	if crcOf(body) != string(crc) {
		return fmt.Errorf("%w: the checksum is wrong", ErrDamaged)
	}
	body = append(bytes.Clone(body), '}')
	if err := json.Unmarshal(body, value); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err := object(buffer, value); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if !bytes.Equal(buffer.Bytes(), body) {
		return fmt.Errorf("%w: the line is not written as plans are", ErrDamaged)
	}
	return nil
}
