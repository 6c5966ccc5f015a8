package cli

import "github.com/spf13/cobra"

// Commands is the tree of commands, for the tests that read it.
func Commands() *cobra.Command {
	root := (&invocation{}).root()
	root.InitDefaultCompletionCmd()
	return root
}
