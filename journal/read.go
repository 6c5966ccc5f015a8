package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

var (
	// ErrDamaged means that the journal is not as it was written. The run cannot be
	// resumed from it; planning again is always safe, since the portal is the truth.
	ErrDamaged = errors.New("the journal is damaged")
	// ErrVersion means that the journal was written by a version with another format.
	ErrVersion = errors.New("the journal has another format")
)

// Log is what a journal says.
type Log struct {
	Records []Record
	Torn    bool // behind the records stands a line that was never completed

	size int64  // of the records in the file
	last uint32 // checksum of the last of them
}

// Read reads a journal to its end. A last line that was not completed is left out:
// its request was never sent, or its outcome is found by reading the portal again.
// The error is ErrDamaged for anything else that is not as Append wrote it,
// ErrVersion, or the reader's; beside it stand the records before the damage.
func Read(r io.Reader) (*Log, error) {
	log := &Log{}
	lines := bufio.NewReaderSize(r, 64<<10)
	var order order
	for {
		line, err := lines.ReadBytes('\n')
		switch {
		case errors.Is(err, io.EOF):
			log.Torn = len(line) > 0
			return log, nil
		case err != nil:
			return log, fmt.Errorf("reading the journal: %w", err)
		}
		record, sum, err := decode(log.last, line[:len(line)-1])
		if err != nil && neverWritten(line) && atEnd(lines) {
			log.Torn = true
			return log, nil
		}
		if err == nil {
			err = order.add(&record)
		}
		if err != nil {
			return log, fmt.Errorf("reading record %d: %w", len(log.Records)+1, err)
		}
		log.Records = append(log.Records, record)
		log.size += int64(len(line))
		log.last = sum
	}
}

// neverWritten reports whether parts of a line did not reach the disk, though its end
// did: such blocks are zeros.
func neverWritten(line []byte) bool { return bytes.IndexByte(line, 0) >= 0 }

func atEnd(lines *bufio.Reader) bool {
	_, err := lines.Peek(1)
	return errors.Is(err, io.EOF)
}

// decode takes a line for what it is, or refuses it: nothing is read into it that
// Append would not have written.
func decode(last uint32, line []byte) (Record, uint32, error) {
	var record Record
	if len(line) < 10 || line[8] != ' ' {
		return record, 0, fmt.Errorf("%w: it is no record", ErrDamaged)
	}
	sum, err := strconv.ParseUint(string(line[:8]), 16, 32)
	if err != nil || checksum(last, line[9:]) != uint32(sum) {
		return record, 0, fmt.Errorf("%w: its checksum does not fit", ErrDamaged)
	}
	if err := versionOf(line[9:]); err != nil {
		return record, 0, err
	}
	decoder := json.NewDecoder(bytes.NewReader(line[9:]))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&record); err != nil {
		return record, 0, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	again, _, err := encode(last, record)
	if err != nil || !bytes.Equal(again[:len(again)-1], line) {
		return record, 0, fmt.Errorf("%w: it is not written as a record is", ErrDamaged)
	}
	return record, uint32(sum), nil
}

// versionOf looks at the version of a first record before anything else: another
// version may have other records.
func versionOf(text []byte) error {
	var first struct {
		Begin *struct {
			Version int `json:"version"`
		} `json:"begin"`
	}
	if err := json.Unmarshal(text, &first); err == nil && first.Begin != nil && first.Begin.Version != Version {
		return fmt.Errorf("%w: version %d, and this program reads %d", ErrVersion, first.Begin.Version, Version)
	}
	return nil
}
