package plan

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Decode reads a plan file as Encode wrote it. A plan is not trusted: every line,
// every field and the order of the changes are checked, and what is not exactly as
// written is refused. The error is ErrFormat for a file that is no plan or one of
// another version, ErrDamaged for a plan that was changed or cut, or what the
// reader returned.
func Decode(r io.Reader) (*Plan, error) {
	p, err := decode(&lines{reader: bufio.NewReaderSize(r, 64<<10)})
	if err != nil {
		return nil, fmt.Errorf("reading plan: %w", err)
	}
	return p, nil
}

func decode(l *lines) (*Plan, error) {
	first, err := l.next()
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, ErrDamaged) {
			return nil, fmt.Errorf("%w: it does not begin with the line of a plan", ErrFormat)
		}
		return nil, err
	}
	var buffer bytes.Buffer
	head, err := readHeader(first, &buffer)
	if err != nil {
		return nil, l.at(err)
	}
	p := &Plan{Portal: head.Portal, Files: head.Files, Limits: head.Limits, Watch: head.Watch}
	digested, err := newDigest(p.Portal, p.Limits)
	if err != nil {
		return nil, err
	}
	var order sequence
	for {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil, l.at(fmt.Errorf("%w: its end is missing", ErrDamaged))
		}
		if err != nil {
			return nil, l.at(err)
		}
		if bytes.HasPrefix(line, []byte(`{"counts":`)) {
			if err := p.readTrailer(line, &buffer, digested.sum()); err != nil {
				return nil, l.at(err)
			}
			if err := order.close(&p.Counts); err != nil {
				return nil, l.at(fmt.Errorf("%w: %w", ErrDamaged, err))
			}
			return p, l.end()
		}
		if bytes.HasPrefix(line, []byte(`{"standing":`)) {
			err = p.readStray(line, &buffer, &order)
		} else {
			err = p.readChange(line, &buffer, &order, digested)
		}
		if err != nil {
			return nil, l.at(err)
		}
	}
}

// readHeader looks at format and version first: another version may have another
// way to write a line.
func readHeader(line []byte, buffer *bytes.Buffer) (header, error) {
	var kind struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(line, &kind); err != nil || kind.Format != formatName {
		return header{}, fmt.Errorf("%w: it does not begin with the line of a plan", ErrFormat)
	}
	if kind.Version != formatVersion {
		return header{}, fmt.Errorf("%w: the plan has format version %d, and this version reads %d; plan again", ErrFormat, kind.Version, formatVersion)
	}
	var head header
	if err := readLine(line, buffer, &head); err != nil {
		return header{}, err
	}
	if err := head.validate(); err != nil {
		return header{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return head, nil
}

func (p *Plan) readChange(line []byte, buffer *bytes.Buffer, order *sequence, digested *digest) error {
	var change Change
	if err := readLine(line, buffer, &change); err != nil {
		return err
	}
	if err := errors.Join(change.validate(), order.add(&change)); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	p.Changes = append(p.Changes, change)
	return digested.add(change)
}

func (p *Plan) readStray(line []byte, buffer *bytes.Buffer, order *sequence) error {
	var stray Stray
	if err := readLine(line, buffer, &stray); err != nil {
		return err
	}
	if err := errors.Join(stray.validate(), order.addStray(&stray)); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	p.Strays = append(p.Strays, stray)
	return nil
}

func (p *Plan) readTrailer(line []byte, buffer *bytes.Buffer, digested string) error {
	var tail trailer
	if err := readLine(line, buffer, &tail); err != nil {
		return err
	}
	if tail.Digest != digested {
		return fmt.Errorf("%w: its digest is not that of its changes", ErrDamaged)
	}
	if err := tail.Counts.validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	p.Counts = tail.Counts
	return nil
}

// lines reads lines of bounded length, each with its line end.
type lines struct {
	reader *bufio.Reader
	line   []byte
	number int
}

// next returns the next line without its end, valid until the call after. It
// returns io.EOF when nothing is left.
func (l *lines) next() ([]byte, error) {
	l.line = l.line[:0]
	l.number++
	for {
		part, err := l.reader.ReadSlice('\n')
		l.line = append(l.line, part...)
		switch {
		case len(l.line) > maxLine:
			return nil, fmt.Errorf("%w: the line is longer than any of a plan", ErrDamaged)
		case err == nil:
			return l.line[:len(l.line)-1], nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(l.line) > 0:
			return nil, fmt.Errorf("%w: the last line is cut", ErrDamaged)
		default:
			return nil, err
		}
	}
}

// end accepts nothing after the trailer.
func (l *lines) end() error {
	if _, err := l.reader.ReadByte(); !errors.Is(err, io.EOF) {
		if err != nil {
			return err
		}
		return fmt.Errorf("%w: something stands after its end", ErrDamaged)
	}
	return nil
}

func (l *lines) at(err error) error { return fmt.Errorf("line %d: %w", l.number, err) }
