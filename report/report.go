// Package report renders what a person or a program reads: diagnostics, a plan, the
// result of an apply; as text for terminals, as one JSON document, as Markdown for a
// pull request, as one HTML file.
//
// Every function takes values and an io.Writer and knows nothing of terminals,
// files or the network. Everything that came from a file or a portal goes through
// the escaper of its sink before it is written, so that no name and no error message
// can move the cursor, mention a user, or end a table. Personal data is shown in full
// only where the caller asks for it: the zero PII is Mask.
package report

import (
	"github.com/contactsync/contactsync/crm"
)

// Format is what a report is written in.
type Format uint8

// Text is for people at a terminal, JSON for programs, Markdown for a pull request,
// HTML for a browser.
const (
	Text Format = iota + 1
	JSON
	Markdown
	HTML
)

// ParseFormat reads a format by its name: text, json, markdown or html.
func ParseFormat(name string) (Format, bool) {
	for format := Text; format <= HTML; format++ {
		if format.String() == name {
			return format, true
		}
	}
	return 0, false
}

func (f Format) String() string {
	switch f {
	case Text:
		return "text"
	case JSON:
		return "json"
	case Markdown:
		return "markdown"
	case HTML:
		return "html"
	}
	return ""
}

// Options are how a report is written. The zero value is plain text, 80 columns
// wide, people masked.
type Options struct {
	Format Format // default Text
	Color  bool   // text only: ANSI colours
	Width  int    // text only: columns; default 80
	PII    PII    // default Mask
	// Key gives the key of the aliases that stand for people under Mask, of any
	// length. It is called for each alias. Default: an empty key.
	Key func() []byte
	// Definitions are the portal's contact properties. They tell which values are
	// enumerations, dates and the like, which are shown bare and are not personal;
	// a property without definition counts as free text.
	Definitions map[string]crm.Property
	// Owners are the addresses of owners by id, which full reports show beside the id.
	Owners map[string]crm.Email
	// Details is how many changes a plan may have before it is grouped, and how many
	// are shown in full then; 0 = 50, negative = all.
	Details int
	// Profile names the comment by which a bot finds its Markdown report again.
	Profile string
}

const (
	defaultWidth   = 80
	maxWidth       = 120 // wider lines are hard to read
	defaultDetails = 50
)

// For returns the options of a report about one portal: what its properties are,
// which profile chose it, and from how many changes on it is grouped.
func (o Options) For(portal *crm.Portal, profile string, details int) Options {
	o.Definitions, o.Profile, o.Details = portal.Properties, profile, details
	o.Owners = make(map[string]crm.Email, len(portal.Owners))
	for email, id := range portal.Owners {
		o.Owners[string(id)] = email
	}
	return o
}

func (o Options) width() int {
	switch {
	case o.Width <= 0:
		return defaultWidth
	case o.Width > maxWidth:
		return maxWidth
	}
	return o.Width
}

func (o Options) details() int {
	if o.Details == 0 {
		return defaultDetails
	}
	return o.Details
}
