package spec

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

// Forgotten is a list of addresses that no file may declare again: those of people who
// asked to be erased. It holds keyed hashes, so the list itself names nobody, and can be
// kept with the files that everybody shares. Whoever has an address can tell whether
// it is on the list.
type Forgotten struct {
	key    []byte
	hashes []string // hexadecimal, sorted
}

// ErrForgotten means that a list of forgotten addresses cannot be read.
var ErrForgotten = errors.New("this is no list of forgotten addresses")

const (
	forgottenHeader = "contactsync.forgotten 1 "
	forgottenKey    = 16 // bytes
)

// NewForgotten makes an empty list, with a key of random bytes.
func NewForgotten(random io.Reader) (*Forgotten, error) {
	key := make([]byte, forgottenKey)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, fmt.Errorf("making the key of a list: %w", err)
	}
	return &Forgotten{key: key}, nil
}

// ReadForgotten reads a list that Encode wrote. The error is ErrForgotten for a text
// that is none; a line that was lost or changed would let somebody back in, so there
// is no reading of a part.
func ReadForgotten(in io.Reader) (*Forgotten, error) {
	lines := bufio.NewScanner(in)
	if !lines.Scan() {
		return nil, errors.Join(ErrForgotten, lines.Err())
	}
	header, found := strings.CutPrefix(lines.Text(), forgottenHeader)
	key, err := hex.DecodeString(header)
	if !found || err != nil || len(key) != forgottenKey {
		return nil, fmt.Errorf("%w: line 1 is not %q and a key", ErrForgotten, strings.TrimSpace(forgottenHeader))
	}
	f := &Forgotten{key: key}
	for n := 2; lines.Scan(); n++ {
		hash, err := hex.DecodeString(lines.Text())
		if err != nil || len(hash) != sha256.Size {
			return nil, fmt.Errorf("%w: line %d is no hash", ErrForgotten, n)
		}
		f.hashes = append(f.hashes, hex.EncodeToString(hash))
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading the list of forgotten addresses: %w", err)
	}
	slices.Sort(f.hashes)
	f.hashes = slices.Compact(f.hashes)
	return f, nil
}

// Encode writes the list, a hash a line.
func (f *Forgotten) Encode(out io.Writer) error {
	var text strings.Builder
	text.WriteString(forgottenHeader + hex.EncodeToString(f.key) + "\n")
	for _, hash := range f.hashes {
		text.WriteString(hash + "\n")
	}
	if _, err := io.WriteString(out, text.String()); err != nil {
		return fmt.Errorf("writing the list of forgotten addresses: %w", err)
	}
	return nil
}

// Len is the number of addresses on the list.
func (f *Forgotten) Len() int { return len(f.hashes) }

// Add puts an address on the list.
func (f *Forgotten) Add(email crm.Email) {
	if at, found := slices.BinarySearch(f.hashes, f.hash(email)); !found {
		f.hashes = slices.Insert(f.hashes, at, f.hash(email))
	}
}

// Has reports whether an address is on the list.
func (f *Forgotten) Has(email crm.Email) bool {
	_, found := slices.BinarySearch(f.hashes, f.hash(email))
	return found
}

func (f *Forgotten) hash(email crm.Email) string {
	mac := hmac.New(sha256.New, f.key)
	mac.Write([]byte(email))
	return hex.EncodeToString(mac.Sum(nil))
}

// Refuse reports every contact of the document that names a forgotten address, as its
// own or as one that it had or also has. A nil list refuses nobody.
func (d *Document) Refuse(forgotten *Forgotten) diag.List {
	if forgotten == nil || forgotten.Len() == 0 {
		return nil
	}
	var list diag.List
	for _, c := range d.contacts {
		if !slices.ContainsFunc(slices.Concat([]crm.Email{c.Email}, c.PreviousEmails, c.Also), forgotten.Has) {
			continue
		}
		one := diag.New(diag.ForgottenPerson, c.At, "The address was forgotten: whoever it belongs to asked not to be kept.",
			"remove the contact's lines, or take the address off the list if the person came back")
		one.Subject = c.Key()
		list = append(list, one)
	}
	return list
}
