package plan

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

var (
	// ErrFormat is a file that is no plan, or a plan of another format version.
	ErrFormat = errors.New("not a plan that this version reads")
	// ErrDamaged is a plan file that is not as it was written.
	ErrDamaged = errors.New("the plan file is damaged")
)

// Encode writes the plan file: the same plan gives the same bytes. It refuses a
// plan that could not be applied, as Decode would.
func (p *Plan) Encode(w io.Writer) error {
	if err := p.encode(w); err != nil {
		return fmt.Errorf("writing plan: %w", err)
	}
	return nil
}

func (p *Plan) encode(w io.Writer) error {
	head := header{Format: formatName, Version: formatVersion, Portal: p.Portal, Files: p.Files, Limits: p.Limits, Watch: p.Watch}
	if err := head.validate(); err != nil {
		return err
	}
	if err := p.Counts.validate(); err != nil {
		return err
	}
	digested, err := newDigest(p.Portal, p.Limits)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	var buffer bytes.Buffer
	if err := writeLine(out, &buffer, head); err != nil {
		return err
	}
	var order sequence
	for i := range p.Changes {
		if err := errors.Join(p.Changes[i].validate(), order.add(&p.Changes[i])); err != nil {
			return fmt.Errorf("change %d: %w", i+1, err)
		}
		if err := writeLine(out, &buffer, p.Changes[i]); err != nil {
			return fmt.Errorf("change %d: %w", i+1, err)
		}
		if err := digested.add(p.Changes[i]); err != nil {
			return err
		}
	}
	for i := range p.Strays {
		if err := errors.Join(p.Strays[i].validate(), order.addStray(&p.Strays[i])); err != nil {
			return fmt.Errorf("stray %d: %w", i+1, err)
		}
		if err := writeLine(out, &buffer, p.Strays[i]); err != nil {
			return fmt.Errorf("stray %d: %w", i+1, err)
		}
	}
	if err := order.close(&p.Counts); err != nil {
		return err
	}
	if err := writeLine(out, &buffer, trailer{Counts: p.Counts, Digest: digested.sum()}); err != nil {
		return err
	}
	return out.Flush()
}
