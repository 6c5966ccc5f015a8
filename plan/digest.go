package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/contactsync/contactsync/diag"
)

// Digest is "sha256:" and the digest of what the plan does: its changes, the
// portal and the limits. Where contacts are declared and what a reviewer is told
// about the live ones do not count, so a plan that is made again from the same
// files and the same portal has the same digest, even if somebody opened a contact
// meanwhile. It is empty for a plan that Encode would refuse.
func (p *Plan) Digest() string {
	d, err := newDigest(p.Portal, p.Limits)
	if err != nil {
		return ""
	}
	for i := range p.Changes {
		if err := d.add(p.Changes[i]); err != nil {
			return ""
		}
	}
	return d.sum()
}

type digest struct {
	hash   hash.Hash
	buffer bytes.Buffer
}

func newDigest(portal string, limits Limits) (*digest, error) {
	d := &digest{hash: sha256.New()}
	err := d.write(struct {
		Portal string `json:"portal"`
		Limits Limits `json:"limits"`
	}{portal, limits})
	return d, err
}

func (d *digest) add(change Change) error {
	change.At, change.Live = diag.Range{}, Live{}
	return d.write(change)
}

func (d *digest) write(value any) error {
	if err := object(&d.buffer, value); err != nil {
		return fmt.Errorf("digesting the plan: %w", err)
	}
	d.buffer.WriteByte('\n')
	d.hash.Write(d.buffer.Bytes())
	return nil
}

func (d *digest) sum() string { return "sha256:" + hex.EncodeToString(d.hash.Sum(nil)) }
