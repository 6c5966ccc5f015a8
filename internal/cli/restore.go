package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
)

// restore takes a contact out of a local portal's recycle bin. HubSpot's API has no
// such call.
func (inv *invocation) restore() *cobra.Command {
	return &cobra.Command{
		Use:   "restore EMAIL|ID",
		Short: "Take a contact out of a local portal's recycle bin",
		Long: `restore brings an archived contact of a local portal back, with its associations. Of
several archived contacts with one address, the newest is meant. In HubSpot people do
this in its user interface, up to 90 days after the archive.`,
		Example: `  contactsync portal restore ada@example.com
  contactsync portal restore 151 --portal file:test.db`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return missingArgument(cmd.CommandPath(), "an address or an id")
			}
			return oneArgument(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return inv.withLocal(cmd.Context(), "", existing, func(ctx context.Context, local *portal.Portal) error {
				id, err := local.Restore(ctx, crm.TypeContact, args[0])
				switch {
				case errors.Is(err, portal.ErrNotArchived):
					return notArchived(args[0])
				case err != nil:
					return cannotRestore(args[0], err)
				}
				inv.remark("Contact %s is back.", id)
				return nil
			})
		},
	}
}
