package portal

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// bucket is the limit that a route falls under, beside the daily one.
type bucket uint8

const (
	rolling  bucket = iota // the ten-second window
	exempt                 // association batches and labels: no window
	searches               // a limit a second, and no rate headers
)

// route is one operation of the API. Its first pattern names it; the others are
// the same operation under a dated path. {version} stands for a dated version.
type route struct {
	method   string
	patterns []string
	bucket   bucket
	access   access
	defines  bool // changes definitions, so it runs alone
	serve    func(*call) (answer, error)
	segments [][]string
}

// routes are all operations. Each needs rows in fidelity_*.go: what it answers, and how
// far that is known of HubSpot.
func routes() []route {
	table := []route{
		{method: "POST", patterns: objects(""), serve: create},
		{method: "GET", patterns: objects(""), serve: list},
		{method: "GET", patterns: objects("/{id}"), serve: read},
		{method: "PATCH", patterns: objects("/{id}"), serve: update},
		{method: "DELETE", patterns: objects("/{id}"), serve: archive},
		{method: "POST", patterns: objects("/batch/create"), serve: batchCreate},
		{method: "POST", patterns: objects("/batch/read"), serve: batchRead},
		{method: "POST", patterns: objects("/batch/update"), serve: batchUpdate},
		{method: "POST", patterns: objects("/batch/upsert"), serve: batchUpsert},
		{method: "POST", patterns: objects("/batch/archive"), serve: batchArchive},
		{method: "POST", patterns: objects("/search"), bucket: searches, serve: search},
		{method: "POST", patterns: objects("/merge"), serve: mergeRecords},
		{method: "POST", patterns: objects("/gdpr-delete"), serve: erase},

		{method: "GET", patterns: []string{"/crm/v3/objects/{type}/{id}/associations/{toType}"}, serve: listNames},
		// The first route that fits is taken, and this one is also of the next one's form.
		{method: "PUT", patterns: links("/default/{toType}/{toId}"), serve: putDefault},
		{method: "PUT", patterns: objects("/{id}/associations/{toType}/{toId}/{associationType}"), serve: putType},
		{method: "DELETE", patterns: objects("/{id}/associations/{toType}/{toId}/{associationType}"), serve: deleteType},
		{method: "GET", patterns: links("/{toType}"), serve: listLinks},
		{method: "PUT", patterns: links("/{toType}/{toId}"), serve: putLink},
		{method: "DELETE", patterns: links("/{toType}/{toId}"), serve: deleteLink},

		{method: "POST", patterns: pairs("/batch/create"), bucket: exempt, serve: batchAssociate},
		{method: "POST", patterns: pairs("/batch/associate/default"), bucket: exempt, serve: batchAssociateDefault},
		{method: "POST", patterns: pairs("/batch/read"), bucket: exempt, serve: batchReadLinks},
		{method: "POST", patterns: pairs("/batch/archive"), bucket: exempt, serve: batchDissociate},
		{method: "POST", patterns: pairs("/batch/labels/archive"), bucket: exempt, serve: batchRemoveLabels},
		{method: "GET", patterns: pairs("/labels"), bucket: exempt, serve: listLabels},
		{method: "POST", access: accessDefinitions, patterns: pairs("/labels"), bucket: exempt, defines: true, serve: createLabel},
		{method: "PUT", access: accessDefinitions, patterns: pairs("/labels"), bucket: exempt, defines: true, serve: updateLabel},
		{method: "DELETE", access: accessDefinitions, patterns: pairs("/labels/{associationType}"), bucket: exempt, defines: true, serve: deleteLabel},
		{method: "POST", patterns: []string{"/crm/v3/associations/{from}/{to}/batch/create"}, serve: batchAssociateNamed},
		{method: "POST", patterns: []string{"/crm/v3/associations/{from}/{to}/batch/read"}, serve: batchReadNamed},
		{method: "POST", patterns: []string{"/crm/v3/associations/{from}/{to}/batch/archive"}, serve: batchDissociateNamed},
		{method: "GET", patterns: []string{"/crm/v3/associations/{from}/{to}/types"}, serve: listTypes},

		{method: "GET", access: accessDefinitions, patterns: properties(""), serve: listProperties},
		{method: "POST", access: accessDefinitions, patterns: properties(""), defines: true, serve: createProperty},
		{method: "GET", access: accessDefinitions, patterns: properties("/groups"), serve: listGroups},
		{method: "POST", access: accessDefinitions, patterns: properties("/groups"), defines: true, serve: createGroup},
		{method: "GET", access: accessDefinitions, patterns: properties("/groups/{name}"), serve: readGroup},
		{method: "PATCH", access: accessDefinitions, patterns: properties("/groups/{name}"), defines: true, serve: updateGroup},
		{method: "DELETE", access: accessDefinitions, patterns: properties("/groups/{name}"), defines: true, serve: archiveGroup},
		{method: "POST", access: accessDefinitions, patterns: properties("/batch/create"), defines: true, serve: batchCreateProperties},
		{method: "POST", access: accessDefinitions, patterns: properties("/batch/read"), serve: batchReadProperties},
		{method: "POST", access: accessDefinitions, patterns: properties("/batch/archive"), defines: true, serve: batchArchiveProperties},
		{method: "GET", access: accessDefinitions, patterns: properties("/{name}"), serve: readProperty},
		{method: "PATCH", access: accessDefinitions, patterns: properties("/{name}"), defines: true, serve: updateProperty},
		{method: "DELETE", access: accessDefinitions, patterns: properties("/{name}"), defines: true, serve: archiveProperty},
		{method: "GET", access: accessDefinitions, patterns: validations(""), serve: listRules},
		{method: "GET", access: accessDefinitions, patterns: validations("/{name}"), serve: readRules},
		{method: "GET", access: accessDefinitions, patterns: validations("/{name}/rule-type/{ruleType}"), serve: readRule},
		{method: "PUT", access: accessDefinitions, patterns: validations("/{name}/rule-type/{ruleType}"), defines: true, serve: putRule},
		{method: "GET", access: accessSchemas, patterns: schemas(""), serve: listSchemas},
		{method: "POST", access: accessSchemas, patterns: schemas(""), defines: true, serve: createSchema},
		{method: "GET", access: accessSchemas, patterns: schemas("/{type}"), serve: readSchema},
		{method: "PATCH", access: accessSchemas, patterns: schemas("/{type}"), defines: true, serve: updateSchema},
		{method: "DELETE", access: accessSchemas, patterns: schemas("/{type}"), defines: true, serve: deleteSchema},

		{method: "GET", access: accessDefinitions, patterns: pipelines(""), serve: listPipelines},
		{method: "GET", access: accessDefinitions, patterns: pipelines("/{pipeline}"), serve: readPipeline},
		{method: "GET", access: accessDefinitions, patterns: pipelines("/{pipeline}/stages"), serve: listStages},
		{method: "POST", access: accessDefinitions, patterns: pipelines("/{pipeline}/stages"), defines: true, serve: createStage},
		{method: "GET", access: accessDefinitions, patterns: pipelines("/{pipeline}/stages/{stage}"), serve: readStage},
		{method: "PATCH", access: accessDefinitions, patterns: pipelines("/{pipeline}/stages/{stage}"), defines: true, serve: updateStage},
		{method: "PUT", access: accessDefinitions, patterns: pipelines("/{pipeline}/stages/{stage}"), defines: true, serve: updateStage},
		{method: "DELETE", access: accessDefinitions, patterns: pipelines("/{pipeline}/stages/{stage}"), defines: true, serve: deleteStage},

		{method: "GET", access: accessAnyRecords, patterns: []string{"/crm/v3/limits/custom-properties", "/crm/limits/{version}/custom-properties"}, serve: limitProperties},
		{method: "GET", access: accessAnyRecords, patterns: []string{"/crm/v3/limits/associations/labels", "/crm/limits/{version}/associations/labels"}, serve: limitLabels},

		{method: "GET", access: accessOwners, patterns: []string{"/crm/v3/owners", "/crm/owners/{version}"}, serve: listOwners},
		{method: "GET", access: accessOwners, patterns: []string{"/crm/v3/owners/{id}", "/crm/owners/{version}/{id}"}, serve: readOwner},
		{method: "POST", access: accessAny, patterns: []string{"/oauth/v2/private-apps/get/access-token-info"}, bucket: exempt, serve: token},
		{method: "GET", access: accessAny, patterns: []string{"/account-info/v3/details", "/account-info/{version}/details"}, serve: account},
	}
	for i := range table {
		for _, pattern := range table[i].patterns {
			table[i].segments = append(table[i].segments, strings.Split(pattern[1:], "/"))
		}
	}
	return table
}

func objects(tail string) []string {
	return []string{"/crm/v3/objects/{type}" + tail, "/crm/objects/{version}/{type}" + tail}
}

func properties(tail string) []string {
	return []string{"/crm/v3/properties/{type}" + tail, "/crm/properties/{version}/{type}" + tail}
}

func validations(tail string) []string {
	return []string{"/crm/v3/property-validations/{type}" + tail, "/crm/property-validations/{version}/{type}" + tail}
}

func pipelines(tail string) []string {
	return []string{"/crm/v3/pipelines/{type}" + tail, "/crm/pipelines/{version}/{type}" + tail}
}

func schemas(tail string) []string {
	return []string{"/crm/v3/schemas" + tail, "/crm-object-schemas/{version}/schemas" + tail, "/crm-object-schemas/v3/schemas" + tail}
}

// links are the association paths of one record, in their v4 shape.
func links(tail string) []string {
	return []string{"/crm/v4/objects/{type}/{id}/associations" + tail, "/crm/objects/{version}/{type}/{id}/associations" + tail}
}

// pairs are the association paths of two object types. An early rollout note
// writes v4 in the place of the dated version; both are served.
func pairs(tail string) []string {
	return []string{"/crm/v4/associations/{from}/{to}" + tail, "/crm/associations/{version}/{from}/{to}" + tail, "/crm/associations/v4/{from}/{to}" + tail}
}

// match finds the route of a request and the values of its pattern's names. When
// there is none, status says why: 404, or 405 for a known path.
func match(table []route, method, path string) (found *route, values map[string]string, status int) {
	status = http.StatusNotFound
	parts := segments(path)
	for i := range table {
		for _, segments := range table[i].segments {
			values, ok := bind(segments, parts)
			if !ok {
				continue
			}
			if table[i].method == method {
				return &table[i], values, http.StatusOK
			}
			status = http.StatusMethodNotAllowed
		}
	}
	return nil, nil, status
}

// segments are the parts of a path, which may end with a slash.
func segments(path string) []string {
	return strings.Split(strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/"), "/")
}

func bind(segments, parts []string) (map[string]string, bool) {
	if len(segments) != len(parts) {
		return nil, false
	}
	for i, segment := range segments {
		if segment[0] != '{' && segment != parts[i] || segment == "{version}" && !dated(parts[i]) || parts[i] == "" {
			return nil, false
		}
	}
	values := make(map[string]string)
	for i, segment := range segments {
		if segment[0] != '{' {
			continue
		}
		value, err := url.PathUnescape(parts[i])
		if err != nil {
			return nil, false
		}
		values[strings.Trim(segment, "{}")] = value
	}
	return values, true
}

func dated(version string) bool { return version == "2026-03" || version == version202609 }

const version202609 = "2026-09"

// label is the route's name for counting: its method and first pattern, with the
// object types written out in the plural.
func (r *route) label(values map[string]string) string {
	pattern := r.patterns[0]
	for _, name := range []string{"type", "toType", "from", "to"} {
		if objectType, ok := crm.ParseObjectType(values[name]); ok {
			pattern = strings.Replace(pattern, "{"+name+"}", objectType.Plural(), 1)
		}
	}
	return r.method + " " + pattern
}
