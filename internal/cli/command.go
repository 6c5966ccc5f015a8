package cli

import (
	"slices"
	"strings"
)

// command is the command line as it was given, with more flags behind it.
func (inv *invocation) command(more ...string) string {
	return commandLine(slices.Concat(inv.env.Args, more))
}

// commandWith is the command line as it was given, but for the files that it names.
func (inv *invocation) commandWith(files []string, instead string) string {
	args := slices.Clone(inv.env.Args)
	for _, file := range files {
		// Files stand behind the command's own name, which could be called the same.
		if at := slices.Index(args[1:], file); at >= 0 {
			args = slices.Delete(args, at+1, at+2)
		}
	}
	return commandLine(append(args, instead))
}

// onSamePortal is another command line, with those flags of the given one that choose
// the project and the portal.
func (inv *invocation) onSamePortal(words ...string) string {
	for _, flag := range []struct{ name, value string }{
		{"--chdir", inv.flags.chdir},
		{"--portal", inv.flags.portal},
		{"--account", inv.flags.account},
		{"--profile", inv.flags.profile},
		{"--token-file", inv.flags.tokenFile},
	} {
		if flag.value != "" {
			words = append(words, flag.name, flag.value)
		}
	}
	return commandLine(words)
}

// commandLine writes arguments so that they can be copied into a shell.
func commandLine(args []string) string {
	words := []string{"contactsync"}
	for _, arg := range args {
		if arg == "" || strings.ContainsAny(arg, " \t\n\"'$`\\*?[](){}<>|&;#~!") {
			arg = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
		words = append(words, arg)
	}
	return strings.Join(words, " ")
}
