package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/hubspot"
)

func (inv *invocation) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if inv.flags.json {
				inv.printJSON(struct {
					Version    int    `json:"version"`
					Release    string `json:"release"`
					Go         string `json:"go"`
					System     string `json:"system"`
					APIVersion string `json:"api_version"`
				}{1, release(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, string(hubspot.V3)})
				return nil
			}
			_, err := fmt.Fprintf(inv.env.Stdout, "contactsync %s (%s, %s/%s), HubSpot API %s\n",
				release(), runtime.Version(), runtime.GOOS, runtime.GOARCH, hubspot.V3)
			return err
		},
	}
}

// release is the module's version as it was built: a tag, or a pseudo-version that
// holds the commit.
func release() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
