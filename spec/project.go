package spec

import (
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/schema"
)

var (
	projectKeys = slices.Concat([]string{"version", "profiles", "default_profile", "files"}, settingKeys)
	profileKeys = []string{"portal", "account", "token_env", "seed"}
)

// LoadProject reads the project file. ${NAME} in a value is replaced by what
// getenv returns for NAME; a variable that is not set is an error.
//
// The project is never nil; when the list has errors it is not what the file says.
func LoadProject(source Source, getenv func(string) (string, bool)) (*Project, diag.List) {
	var list diag.List
	s := newSettings()
	project := &Project{Name: source.Name}
	if r := open(source, maxFileSize, &list); r != nil {
		r.project(project, s, getenv)
	}
	project.Settings, project.given = s.Settings, s.given
	list.Sort()
	return project, list
}

func (r *reader) project(project *Project, s *settings, getenv func(string) (string, bool)) {
	fields, root := r.single()
	if root == nil {
		return
	}
	written := schema.Value(root) // before variables are replaced: the schema is for what an editor sees
	defer func() {
		if r.errors == 0 {
			r.net(schema.Project, root, written)
		}
	}()
	var chosen *field
	for _, f := range fields {
		before := r.errors
		if r.expand(f.site, getenv); r.errors > before {
			continue
		}
		switch f.key {
		case "version":
		case "profiles":
			project.Profiles = r.profiles(f)
		case "default_profile":
			project.DefaultProfile, _ = r.text(f)
			chosen = &f
		case "files":
			project.Files = r.files(f)
		default:
			if !slices.Contains(settingKeys, f.key) {
				r.unknown(diag.UnknownProjectKey, f, projectKeys)
				continue
			}
			s.read(r, f)
		}
	}
	if _, exists := project.Profiles[project.DefaultProfile]; chosen != nil && project.DefaultProfile != "" && !exists {
		r.unknownProfile(*chosen, project)
	}
	if pruned, given := s.given["prune"]; given && s.Prune != PruneKeep && s.Scope.Kind == ScopeListed {
		r.report(diag.PruneWithoutScope, pruned.at, "With scope: listed no contact is in scope that no file names.", "add scope:")
	}
}

func (r *reader) unknownProfile(f field, project *Project) {
	names := make([]string, 0, len(project.Profiles))
	for name := range project.Profiles {
		names = append(names, name)
	}
	slices.Sort(names)
	r.report(diag.UnknownProfile, r.at(f), "No profile of that name stands under \"profiles\".", suggest(project.DefaultProfile, names))
}

// single reads a file that holds exactly one document; its root is nil when it
// cannot be walked.
func (r *reader) single() ([]field, *yaml.Node) {
	roots := r.parse()
	s := &survey{r: r, anchors: make(map[*yaml.Node]cost)}
	sound := len(roots) > 0
	for i, root := range roots {
		if i > 0 {
			r.report(diag.ManyDocuments, r.file.at(root), "The file has a second document, and only one is read.", "merge the two")
		}
		sound = s.document(root) && sound
	}
	if !sound {
		return nil, nil
	}
	fields, ok := r.document(roots[0])
	if !ok {
		return nil, nil
	}
	return fields, roots[0]
}

// expand replaces ${NAME} in all texts below a node, once for each.
func (r *reader) expand(node *yaml.Node, getenv func(string) (string, bool)) {
	if node.Kind == yaml.MappingNode {
		for i := 1; i < len(node.Content); i += 2 {
			r.expand(node.Content[i], getenv)
		}
		return
	}
	for _, child := range node.Content {
		r.expand(child, getenv)
	}
	if node.Kind != yaml.ScalarNode || !strings.Contains(node.Value, "${") {
		return
	}
	at := r.file.at(node)
	var out strings.Builder
	for rest := node.Value; ; {
		before, after, found := strings.Cut(rest, "${")
		out.WriteString(before)
		if !found {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed || !variableName(name) {
			r.report(diag.VariableSyntax, at, "After \"${\" stand the name of a variable and \"}\".", "write ${NAME}")
			break
		}
		value, set := getenv(name)
		if !set {
			r.report(diag.VariableUnset, at, fmt.Sprintf("The environment has no variable %s.", name), "set it, or write the value")
		}
		out.WriteString(value)
		rest = tail
	}
	node.Value = out.String()
}

func variableName(name string) bool {
	for i, c := range []byte(name) {
		if 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '_' || i > 0 && '0' <= c && c <= '9' {
			continue
		}
		return false
	}
	return name != ""
}

func (r *reader) profiles(f field) map[string]Profile {
	fields, ok := r.fields(f)
	if !ok {
		return nil
	}
	profiles := make(map[string]Profile, len(fields))
	for _, one := range fields {
		profiles[one.key] = r.profile(one)
	}
	return profiles
}

func (r *reader) profile(f field) Profile {
	profile := Profile{At: r.file.at(f.name)}
	fields, ok := r.fields(f)
	if !ok {
		return profile
	}
	for _, one := range fields {
		switch one.key {
		case "portal":
			profile.Portal = r.portal(one)
		case "account":
			profile.Account = r.account(one)
		case "token_env":
			profile.TokenEnv = r.tokenEnv(one)
		case "seed":
			profile.Seed = r.projectPath(one)
		default:
			r.unknown(diag.UnknownProjectKey, one, profileKeys)
		}
	}
	r.require(f, fields, profileKeys, []string{"portal"})
	return profile
}

func (r *reader) portal(f field) string {
	text, ok := r.text(f)
	if !ok || portalAddress(text) {
		return text
	}
	r.report(diag.PortalAddress, r.at(f), "A portal is hubspot, https://HOST, http:// on this machine, file:PATH or mem:.", suggest(text, []string{"hubspot", "mem:"}))
	return ""
}

// portalAddress reports whether a text says how to reach a portal. Without TLS
// only this machine is reached.
func portalAddress(text string) bool {
	switch {
	case text == "hubspot" || text == "mem:":
		return true
	case strings.HasPrefix(text, "file:"):
		return len(text) > len("file:")
	}
	address, err := url.Parse(text)
	if err != nil || address.Hostname() == "" || address.User != nil {
		return false
	}
	if address.Scheme == "https" {
		return true
	}
	ip, err := netip.ParseAddr(address.Hostname())
	return address.Scheme == "http" && (address.Hostname() == "localhost" || err == nil && ip.IsLoopback())
}

func (r *reader) tokenEnv(f field) string {
	text, ok := r.text(f)
	if ok && !variableName(text) {
		r.report(diag.TokenVariable, r.at(f), "Here stands the name of an environment variable, not the token.", "write, for example, HUBSPOT_ACCESS_TOKEN")
		return ""
	}
	return text
}

func (r *reader) files(f field) []string {
	list, ok := r.items(f, "paths")
	if !ok {
		return nil
	}
	var files []string
	seen := make(map[string]bool, len(list))
	for _, one := range list {
		name := r.projectPath(one)
		if name != "" && seen[name] {
			r.report(diag.ListedTwice, r.at(one), "The path already stands in this list.", "remove it here")
		} else if name != "" {
			seen[name] = true
			files = append(files, name)
		}
	}
	return files
}

// projectPath reads a path that lies beside or below the project file.
func (r *reader) projectPath(f field) string {
	text, ok := r.text(f)
	if !ok {
		return ""
	}
	clean := path.Clean(text)
	drive := len(text) > 1 && text[1] == ':'
	if text == "" || path.IsAbs(text) || drive || strings.Contains(text, "\\") || clean == ".." || strings.HasPrefix(clean, "../") {
		r.report(diag.FilePattern, r.at(f), "Paths are relative to the project file, with slashes, and stay beside or below it.", "write, for example, crm/")
		return ""
	}
	return text
}
