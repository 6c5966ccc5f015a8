package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/spec"
)

// failure ends a command: what happened, what the portal or the system said about
// it, and what to do next. Every one is made in this file, or of the error of another
// package in fatal_error.go. A line of next that is
// indented is a command to copy.
type failure struct {
	exit   exitCode
	what   string
	detail string
	next   string
}

func (f *failure) Error() string { return f.what }

func fail(exit exitCode, what, next string) error {
	return &failure{exit: exit, what: what, next: next}
}

// Usage.

func unknownCommand(parent, word, nearest string) error {
	next := "`" + parent + " --help` lists the commands."
	if nearest != "" {
		next = fmt.Sprintf("Did you mean this?\n\n  %s %s", parent, nearest)
	}
	return fail(exitError, fmt.Sprintf("%q is no command of %s", word, parent), next)
}

func unknownFlag(command, word, nearest string) error {
	dashes := "--"
	if len(word) == 1 {
		dashes = "-"
	}
	next := "`" + command + " --help` lists the flags."
	if nearest != "" {
		next = "Did you mean --" + nearest + "?"
	}
	return fail(exitError, fmt.Sprintf("%s has no flag %s%s", command, dashes, word), next)
}

func badUsage(command string, err error) error {
	return fail(exitError, err.Error(), "`"+command+" --help` shows how it is used.")
}

func badValue(flag, value, allowed string) error {
	return fail(exitError, fmt.Sprintf("%s cannot be %q", flag, value), "It is "+allowed+".")
}

func excludedFlags(one, other, why string) error {
	return fail(exitError, fmt.Sprintf("%s and %s exclude each other", one, other), why)
}

// Files.

func noFiles() error {
	return fail(exitError, "no files were named, and there is no project file that lists any",
		"Name files or a folder, or list them under `files:` in contactsync.yaml:\n\n  contactsync validate crm/")
}

func fileNotFound(name string) error {
	return fail(exitError, fmt.Sprintf("%s does not exist", name), "Check the path; relative paths begin where the command runs (or at -C).")
}

func notRegular(name string) error {
	return fail(exitError, fmt.Sprintf("%s is neither a file nor a folder", name), "Devices, pipes and sockets are not read. To read standard input, write `-`.")
}

func emptyFolder(name string) error {
	return fail(exitError, fmt.Sprintf("%s holds no .yaml or .yml file", name), "Check the path. The project file and the fixtures that it names do not count as desired state.")
}

func notDeclared(name string, document *spec.Document) error {
	what := name + " is declared by no file, so it is left as it is"
	var known []string
	for _, contact := range document.All() {
		known = append(known, contact.Key())
	}
	if nearest, ok := diag.Nearest(name, known); ok {
		what = name + " is declared by no file, but " + nearest + " is"
	}
	return fail(exitError, what, "explain tells of contacts that files declare, by their address or id.")
}

func noAddress(text string, err error) error {
	return &failure{exit: exitError, what: fmt.Sprintf("%q is no email address", text), detail: err.Error(), next: "Write the bare address, such as name@example.com."}
}

func eraseByHand(name string, err error) error {
	return &failure{
		exit: exitError, what: "the person cannot be taken out of " + name + " without touching other lines", detail: err.Error(),
		next: "Nothing was changed. Remove the person from that file by hand, then run the command again.",
	}
}

func addressLeft(places []string) error {
	return fail(exitError, "the address still stands in "+amount(len(places), "line", "lines"),
		"The rest is done. Look at each, and remove it by hand:\n\n  "+strings.Join(places, "\n  "))
}

func forgottenDamaged(name string, err error) error {
	return &failure{
		exit: exitInvalid, what: name + " cannot be read", detail: err.Error(),
		next: "Without it, people who asked to be erased could come back. Take it from version control.",
	}
}

func planAmongFiles(name string) error {
	return fail(exitError, fmt.Sprintf("%s is a saved plan, and other files stand beside it", name), "A saved plan is applied alone: it holds everything that it needs.")
}

func notSavedPlan(name string) error {
	return fail(exitError, fmt.Sprintf("%s is no saved plan", name), "Save one first:\n\n  contactsync plan -o plan.jsonl")
}

// The portal.

func unknownPortal(text string) error {
	return fail(exitError, fmt.Sprintf("%q names no portal", text), "A portal is hubspot, http(s)://host, file:PATH or mem:.")
}

func remotePortalFromEnvironment(text string) error {
	return fail(exitError, fmt.Sprintf("CONTACTSYNC_PORTAL names %s, which is not a local portal", text),
		"The environment may choose local portals only. Name the portal with -p, or in a profile of contactsync.yaml.")
}

func unknownProfile(name string, known []string) error {
	next := "The project has no profiles; they stand under `profiles:` in contactsync.yaml."
	if len(known) > 0 {
		next = "Its profiles are: " + strings.Join(known, ", ") + "."
	}
	return fail(exitError, fmt.Sprintf("the project has no profile %q", name), next)
}

func noSuchLocalPortal(path string) error {
	return fail(exitError, fmt.Sprintf("there is no portal at %s", path), "Fill a new one:\n\n  contactsync portal seed --contacts 1000")
}

func fixtureRefused(name string, err error) error {
	return &failure{exit: exitInvalid, what: "the portal cannot hold what " + name + " says", detail: err.Error(), next: "Correct the fixture. Nothing of it was stored."}
}

func notArchived(name string) error {
	return fail(exitError, fmt.Sprintf("no contact %s lies in the recycle bin", name), "Name an archived contact by one of its addresses or by its id. Nothing was changed.")
}

func cannotRestore(name string, err error) error {
	return &failure{exit: exitError, what: fmt.Sprintf("the contact %s cannot be restored", name), detail: err.Error(), next: "Nothing was changed. Another contact may have its address by now."}
}

func localPortalOnly(name string) error {
	return fail(exitError, fmt.Sprintf("%s is not a portal of this machine", name), "This command works on local portals only: file:PATH.")
}

func tokenMissing(variable string) error {
	return fail(exitDenied, "there is no access token for HubSpot: "+variable+" is not set",
		"Set it to a service key or a private-app token, or name a file with --token-file.\nTo try without an account, leave --portal out: a local portal is used.")
}

func tokenForForeignHost(host string) error {
	return fail(exitDenied, fmt.Sprintf("a file names the portal %s, and your access token is not sent there", host),
		fmt.Sprintf("A token goes to api.hubapi.com and to this machine only, unless you name the host yourself:\n\n  --portal %s", host))
}

func tokenFileOpen(name string, mode fs.FileMode) error {
	return fail(exitError, fmt.Sprintf("%s can be read by others (mode %04o)", name, mode.Perm()), fmt.Sprintf("Keep it to yourself:\n\n  chmod 600 %s", name))
}

func tokenFileEmpty(name string) error {
	return fail(exitError, fmt.Sprintf("%s holds no access token", name), "Put the token alone into the file.")
}

func otherAccount(actual, wanted, where string) error {
	return fail(exitRefused, fmt.Sprintf("this is account %s, but %s names account %s", actual, where, wanted),
		"Nothing was written. Check the token and the portal, or name the other account.")
}

func accountNeeded(account string) error {
	return fail(exitRefused, "writing to HubSpot needs the account's number, and none is named",
		fmt.Sprintf("Nothing was written. The token belongs to account %s. If that is the one, say so:\n\n  --account %s\n\nor write `account: %q` into the project file.", account, account, account))
}

func unknownCheck(name, nearest string) error {
	next := "`contactsync conformance --list` lists them."
	if nearest != "" {
		next = "Did you mean " + nearest + "?"
	}
	return fail(exitError, fmt.Sprintf("no check is called %q", name), next)
}

// Writing.

func limitsExceeded(excess []plan.Excess) error {
	var rows []string
	for _, e := range excess {
		what := strings.ReplaceAll(e.Limit, "_", " ")
		if e.Property != "" {
			what += " " + e.Property
		}
		rows = append(rows, fmt.Sprintf("  %-24s %6d planned %6d allowed   %s", what, e.Planned, e.Allowed, e.Flag))
	}
	return fail(exitRefused, "the plan goes over "+amount(len(excess), "limit", "limits")+"; nothing was written",
		strings.Join(rows, "\n")+"\n\nIf every one of these is meant, repeat the command with the flags behind them.\nThe project file may set other limits under `limits:`.")
}

func reserveNeeded(b budget) error {
	left := fmt.Sprintf("  left of the day       %10s of %s\n  kept for others       %10s (daily_reserve: %d%%)\n  this apply needs      %10s",
		report.Number(b.left), report.Number(b.daily), report.Number(b.reserve()), b.percent, report.Number(b.planned))
	return fail(exitRefused, "the apply would take requests of this day that are kept for other integrations",
		left+"\n\nNothing was written. Run the command again after "+b.again+",\nor, if nothing else needs the account's requests, lower daily_reserve in contactsync.yaml.")
}

// dayUsedUp is told when an apply had to stop in the middle for the daily limit.
func dayUsedUp(again, command string) error {
	return fail(exitIncomplete, "the portal's requests of this day are used up; the apply stopped, and nothing is in flight",
		"What was written is written. Go on after "+again+":\n\n  "+command)
}

func scopesMissing(scopes []string) error {
	return fail(exitDenied, "the access token lacks "+strings.Join(scopes, " and "),
		"Nothing was written. Add the scope to the service key or private app, then run the command again.")
}

// notKept is told when --verify found that the portal keeps something else than it was
// sent.
func notKept(n int) error {
	return fail(exitIncomplete, "the portal did not keep "+amount(n, "thing", "things")+" that the apply wrote",
		"The lines above name the rules. Write the values as the portal keeps them, or they differ after every apply:\n\n  contactsync plan")
}

func verifyNeedsFiles() error {
	return fail(exitError, "--verify plans again from the files, and neither a saved plan nor a run holds any",
		"Nothing was written. Leave --verify out, and compare afterwards:\n\n  contactsync plan --detailed-exitcode")
}

func needsYes(command string) error {
	return fail(exitError, "there is no terminal to ask on, and nothing was written", "To apply without being asked:\n\n  "+command)
}

func declined() error {
	return fail(exitError, "not confirmed; nothing was written", "Run the command again when the plan is what you want.")
}

func planStale(reason string) error {
	return fail(exitRefused, "the plan no longer fits the portal: "+reason, "Nothing was written. Make the plan again.")
}

func digestDiffers(actual string) error {
	return fail(exitRefused, "this is not the plan that --expect-digest names: its digest is "+actual,
		"Nothing was written. Look at it with `contactsync show`, and apply the one that was reviewed.")
}

// The state folder.

var errNoFolder = errors.New("something that is no folder stands there")

func cannotKeepState(folder string, err error) error {
	return fail(exitError, fmt.Sprintf("%s could not be made: %v", folder, err),
		"Nothing was written to the portal. An apply keeps its lock and its journal there, and begins nothing without them.\nRun it where it may write, or give the folder to this user.")
}

func stateElsewhere(folder string) error {
	return fail(exitError, folder+" is a symbolic link, which is not followed",
		"Nothing was written. What stands there is personal data, and it decides what is written to the portal. Put a folder in\nthe place of the link.")
}

func stateOfStranger(folder string) error {
	return fail(exitError, folder+" belongs to another user",
		"Nothing was written. Whoever owns the folder could change what is carried on from it. If it is meant to be yours, take it\nover with chown; else remove it.")
}

// Runs.

func lockHeld(by holder) error {
	what := "another command is writing from this folder"
	var who string
	if by.PID != 0 {
		who = fmt.Sprintf("Process %d on %s, since %s: %s", by.PID, by.Host, by.Since.Format(time.RFC3339), by.Command)
	}
	return &failure{exit: exitRefused, what: what, detail: who, next: "Nothing was written. Wait until it has ended, then run the command again. The lock ends with its process."}
}

func runUnfinished(id, resume, abandon string) error {
	return fail(exitRefused, "run "+id+" was cut, and what it had sent last is not known",
		"Nothing was written. Carry it on:\n\n  "+resume+"\n\nor give it up, and plan again from what the portal holds:\n\n  "+abandon)
}

func journalDamaged(id string, err error) error {
	return &failure{
		exit: exitRefused, what: "the journal of run " + id + " cannot be relied on", detail: err.Error(),
		next: "Nothing was written. Put it aside and plan again: the portal is the truth.\n\n  contactsync history abandon " + id,
	}
}

func runNotBegun(id string) error {
	return fail(exitError, "of run "+id+" there are no records", "It was cut before its first request, or its journal was removed.")
}

func noSuchRun(id string) error {
	return fail(exitError, fmt.Sprintf("there is no run %q", id), "The runs of this folder are:\n\n  contactsync history")
}

func nothingToResume(id, state string) error {
	return fail(exitError, "run "+id+" is "+state+", and nothing of it is left to carry on", "Plan again to see what differs:\n\n  contactsync plan")
}

func noRunToResume() error {
	return fail(exitError, "no run on this portal was cut", "Plan again to see what differs:\n\n  contactsync plan")
}

func runEnded(id, state string) error {
	return fail(exitError, "run "+id+" is "+state+", and cannot be abandoned", "Only a run that was cut holds anything up.")
}

func runHoldsPerson(id string) error {
	return fail(exitRefused, "run "+id+" was cut, and its journal holds the person",
		"Nothing was changed. Carry the run on or give it up, then run the command again:\n\n  contactsync apply --resume "+id+"\n  contactsync history abandon "+id)
}

// journalFailed tells of a journal that could not be written, which stops a run before
// its next request.
func journalFailed(resume string, begun bool, err error) error {
	next := "Nothing was written. Check the folder .contactsync, its permissions and the space on the disk, then run the command\nagain."
	if begun {
		next = "Nothing was sent after that. Check the folder .contactsync, its permissions and the space on the disk, then carry\nthe run on:\n\n  " + resume
	}
	detail := err.Error()
	if known, ok := errors.AsType[*failure](err); ok {
		detail = known.what
	}
	return &failure{exit: exitIncomplete, what: "the journal of the run could not be written", detail: detail, next: next}
}

// planUnshown and resultUnshown tell of a standard output that is closed or full.
func planUnshown(err error) error {
	return &failure{
		exit: exitError, what: "the plan could not be shown, so nothing was written", detail: err.Error(),
		next: "Standard output is closed or full. Run the command again with one that takes the plan and the result.",
	}
}

func resultUnshown(exit exitCode, show, again string, err error) *failure {
	next := "What the run did is in its journal, and this shows it:\n\n  " + show
	if again != "" {
		next += "\n\nSomething is left to do:\n\n  " + again
	}
	return &failure{exit: exit, what: "the run has ended, but how could not be shown", detail: err.Error(), next: next}
}

func cannotWrite(name string, err error) error {
	return fail(exitError, fmt.Sprintf("%s could not be written: %v", name, err), "What stood there before is unchanged. Check the folder, its permissions and the space on the disk.")
}

func exportNeedsFile() error {
	return fail(exitError, "export writes YAML to standard output, so --check and --json need a file", "Name it with -o:\n\n  contactsync export -o contacts.yaml")
}

func unknownProperty(name string, portal *crm.Portal) error {
	next := "Properties go by their internal names, which HubSpot shows under the property's settings."
	if nearest, ok := diag.Nearest(name, slices.Sorted(maps.Keys(portal.Properties))); ok {
		next = "Did you mean " + nearest + "?"
	}
	return fail(exitError, fmt.Sprintf("the portal has no contact property %q", name), next)
}

func openAddress(addr string) error {
	return fail(exitError, fmt.Sprintf("%s can be reached from other machines, so a token is needed", addr),
		"Choose one, which is not a token of HubSpot's:\n\n  contactsync serve --addr "+addr+" --token SECRET")
}

func badRuling(text string, err error) error {
	return &failure{exit: exitError, what: fmt.Sprintf("--ruling cannot be %q", text), detail: err.Error(), next: "docs/portal-fidelity.md lists the rulings and what each can be."}
}

func realToken() error {
	return fail(exitError, "the token looks like one of a real HubSpot account",
		"A local portal has no use for it, and others may read it. Choose any other word:\n\n  contactsync serve --token SECRET")
}

func cannotListen(addr string, err error) error {
	return fail(exitError, fmt.Sprintf("cannot listen on %s: %v", addr, err), "Another program may use the port. Take a free one:\n\n  contactsync serve --addr 127.0.0.1:0")
}

func unexpectedArgument(command, word string) error {
	return fail(exitError, fmt.Sprintf("%s takes no %q", command, word), "`"+command+" --help` shows how it is used.")
}

func missingArgument(command, what string) error {
	return fail(exitError, command+" needs "+what, "`"+command+" --help` shows how it is used.")
}
