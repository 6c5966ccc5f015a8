package cli

// exitCode is what the process tells the shell. Scripts branch on it, so a code
// never changes its meaning.
type exitCode int

const (
	exitDone        exitCode = 0   // done; nothing to do, or done in full
	exitError       exitCode = 1   // usage, file not found, network, disk
	exitDifferences exitCode = 2   // plan --detailed-exitcode, export --check
	exitInvalid     exitCode = 3   // the desired state is invalid, offline or against the portal
	exitDenied      exitCode = 4   // authentication or a missing scope
	exitIncomplete  exitCode = 5   // apply ended with failed, skipped, stale or unknown changes
	exitRefused     exitCode = 6   // refused before the first write, though valid
	exitInterrupted exitCode = 130 // interrupted; requests in flight were finished first
)

// ended ends a command whose report already said everything.
type ended exitCode

func (ended) Error() string { return "ended" }
