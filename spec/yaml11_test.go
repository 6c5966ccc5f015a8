package spec_test

import (
	"regexp"
	"strings"
)

// yaml11 matches what the type repository of YAML 1.1 resolves to something other
// than text, with the float expression as common readers correct it, and the
// numbers of YAML 1.2's core schema.
var yaml11 = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`~|null|Null|NULL`,
	`y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF`,
	`<<|=|\.`,
	`[-+]?0b[01_]+`,
	`[-+]?0[0-7_]+`,
	`[-+]?(?:0|[1-9][0-9_]*)`,
	`[-+]?0x[0-9a-fA-F_]+`,
	`[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?`,
	`[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?`,
	`[-+]?\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?`,
	`[-+]?\.(?:inf|Inf|INF)`,
	`\.(?:nan|NaN|NAN)`,
	`[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}`,
	`[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]| +)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]*)?(?: *(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?`,
	`[-+]?[0-9]+`,
	`0o[0-7]+`,
	`[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?`,
}, "|") + `)$`)
