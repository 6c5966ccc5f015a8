package cli

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/pflag"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/report"
)

// output are the flags of a command whose result is a report. Only one command runs,
// so all of them share it.
type output struct {
	format string
	pii    string
	events string // file of the event stream, or -
}

func (o *output) register(set *pflag.FlagSet, formats ...string) {
	set.StringVar(&o.format, "format", "", "`format` of the result: "+orList(formats)+" (default text)")
	set.StringVar(&o.pii, "pii", "", "personal data: full, mask or none (default full on a terminal, else mask)")
}

func (o *output) check() error {
	if _, known := report.ParsePII(o.pii); o.pii != "" && !known {
		return badValue("--pii", o.pii, "full, mask or none")
	}
	return nil
}

// orList writes names as a choice: text, json or html.
func orList(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// format is what the result is written in: one of those that the command has.
func (inv *invocation) format(formats ...string) (report.Format, error) {
	name := inv.output.format
	switch {
	case name == "" && inv.flags.json:
		name = "json"
	case name == "":
		name = "text"
	case inv.flags.json && name != "json":
		return 0, excludedFlags("--json", "--format "+name, "--json is the same as --format json.")
	}
	format, known := report.ParseFormat(name)
	if !known || !slices.Contains(formats, name) {
		return 0, badValue("--format", name, orList(formats))
	}
	return format, nil
}

// reportOptions are the options of a report on standard output.
func (inv *invocation) reportOptions(format report.Format) report.Options {
	options := inv.screenOptions(inv.env.StdoutTerminal && format == report.Text)
	options.Format = format
	return options
}

// screenOptions are those of a text report, on a terminal or not.
func (inv *invocation) screenOptions(terminal bool) report.Options {
	options := report.Options{Format: report.Text, Color: inv.color(terminal), PII: report.Mask}
	if terminal {
		options.PII, options.Width = report.Full, inv.env.Width
	}
	if asked, known := report.ParsePII(inv.output.pii); known {
		options.PII = asked
	}
	if inv.project != nil {
		options.Key = inv.aliasKey(inv.project)
	}
	return options
}

const aliasKeyLength = 32

// aliasKey gives the key of the project's aliases when the first one is needed: made
// once, kept beside the embedded portal, readable by its owner alone. Where it cannot
// be kept, aliases hold for this run only.
func (inv *invocation) aliasKey(p *project) func() []byte {
	return sync.OnceValue(func() []byte { return inv.readAliasKey(p) })
}

func (inv *invocation) readAliasKey(p *project) []byte {
	path := p.state("alias.key")
	key, err := readOwn(path)
	if err == nil && len(key) == aliasKeyLength {
		return key
	}
	key = make([]byte, aliasKeyLength)
	if _, err := io.ReadFull(inv.env.Random, key); err != nil {
		// Without randomness an alias must still not be a plain hash of the address.
		sum := sha256.Sum256([]byte(path))
		return sum[:]
	}
	err = makeStateFolder(path)
	if err == nil {
		err = writeFile(path, func(w io.Writer) error { _, err := w.Write(key); return err })
	}
	if err != nil && !errors.Is(err, fs.ErrPermission) {
		inv.remark("Aliases hold for this run only: %v", err)
	}
	return key
}

// invalid ends a command because the desired state is invalid.
func invalid(list diag.List) error {
	return &invalidState{list, exitInvalid, "nothing was written."}
}

// outdated ends a command because a saved plan is, for which no file is to blame.
func outdated(list diag.List) error {
	return &invalidState{list, exitRefused, "nothing was written. The portal changed since the plan was made; make it again."}
}

type invalidState struct {
	list diag.List
	exit exitCode
	end  string // behind the number of errors
}

func (*invalidState) Error() string { return "the desired state is invalid" }
