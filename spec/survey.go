package spec

import (
	"fmt"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

// The budgets of one file. Nothing that exceeds them is walked: the survey
// computes what following all aliases would cost from what each anchor costs.
const (
	maxDepth         = 32
	maxScalar        = 65536 // characters, as HubSpot stores them
	expansionFactor  = 10
	expansionAllowed = 10000
	countLimit       = 1 << 40 // where counting stops; sums of two stay far from overflow
)

// survey walks the nodes of a file once, without following aliases, and reports
// what is wrong with them whatever they mean.
type survey struct {
	r        *reader
	anchors  map[*yaml.Node]cost // of anchored nodes that are complete
	nodes    int                 // in the file
	expanded int                 // with every alias followed
	depth    int                 // with every alias followed
	largest  *yaml.Node          // the alias that expands to most
	tooDeep  bool
}

// cost is what a node comes to when its aliases are followed.
type cost struct{ nodes, depth int }

// document surveys one document and reports whether its nodes may be walked.
func (s *survey) document(root *yaml.Node) bool {
	errorsBefore := s.r.errors
	total := s.walk(root, 1)
	s.expanded = min(s.expanded+total.nodes, countLimit)
	s.depth = max(s.depth, total.depth)
	if s.expanded > expansionFactor*s.nodes+expansionAllowed {
		s.r.report(diag.AliasExpansion, s.r.file.at(s.largest),
			fmt.Sprintf("The file has %d nodes; with its aliases followed it would have more than ten times as many and 10,000.", s.nodes),
			"repeat the text instead")
	}
	return s.r.errors == errorsBefore
}

func (s *survey) walk(node *yaml.Node, level int) cost {
	s.nodes++
	if level > maxDepth {
		s.reportDepth(node)
		return cost{1, 1}
	}
	s.checkTag(node)
	var total cost
	switch node.Kind {
	case yaml.AliasNode:
		return s.alias(node, level)
	case yaml.ScalarNode:
		s.checkScalar(node)
	case yaml.MappingNode:
		s.checkKeys(node)
		total = s.children(node, level)
	case yaml.SequenceNode:
		total = s.children(node, level)
	case yaml.DocumentNode:
	}
	total = cost{min(total.nodes+1, countLimit), total.depth + 1}
	if node.Anchor != "" {
		s.anchors[node] = total
	}
	return total
}

func (s *survey) children(node *yaml.Node, level int) cost {
	var total cost
	for _, child := range node.Content {
		one := s.walk(child, level+1)
		total = cost{min(total.nodes+one.nodes, countLimit), max(total.depth, one.depth)}
	}
	return total
}

// alias looks up what its anchor costs. An anchor that is not complete yet is one
// that the alias stands in.
func (s *survey) alias(node *yaml.Node, level int) cost {
	target, complete := s.anchors[node.Alias]
	if !complete {
		s.r.report(diag.AliasCycle, s.r.file.at(node), "The alias stands inside the node that it refers to.", "remove the alias")
		return cost{1, 1}
	}
	if level+target.depth-1 > maxDepth {
		s.reportDepth(node)
	}
	if s.largest == nil || s.anchors[s.largest.Alias].nodes < target.nodes {
		s.largest = node
	}
	return target
}

func (s *survey) reportDepth(node *yaml.Node) {
	if s.tooDeep {
		return
	}
	s.tooDeep = true
	s.r.report(diag.NestedTooDeep, s.r.file.at(node), "Lists and mappings may be nested 32 deep.", "correct the indentation")
}

func (s *survey) checkTag(node *yaml.Node) {
	if node.Style&yaml.TaggedStyle == 0 || node.Kind == yaml.ScalarNode && node.ShortTag() == "!!str" {
		return
	}
	s.r.report(diag.ExplicitTag, s.r.file.at(node), "Values are taken as they are written; a tag asks for something else.", "remove the tag")
}

func (s *survey) checkScalar(node *yaml.Node) {
	if len(node.Value) > maxScalar && len([]rune(node.Value)) > maxScalar {
		s.r.report(diag.ScalarTooLong, s.r.file.at(node), "The text has more than 65,536 characters.", "shorten the text")
	}
}

// checkKeys reports keys that are no words, keys that stand twice and keys that
// differ in case alone.
func (s *survey) checkKeys(node *yaml.Node) {
	seen := make(map[string]*yaml.Node, len(node.Content)/2)
	folded := make(map[string]*yaml.Node)
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		if !s.checkKey(key) {
			continue
		}
		if first, twice := seen[key.Value]; twice {
			s.r.report(diag.DuplicateKey, s.r.file.at(key),
				fmt.Sprintf("The key stands in line %d and again in line %d of the same mapping.", first.Line, key.Line), "keep one of the two",
				s.r.related(first, "first written here"))
			continue
		}
		seen[key.Value] = key
		folded[strings.ToLower(key.Value)] = key
	}
	if len(folded) == len(seen) {
		return
	}
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		if other := folded[strings.ToLower(key.Value)]; seen[key.Value] == key && other != key {
			s.r.report(diag.SimilarKeys, s.r.file.at(key),
				fmt.Sprintf("The keys of the lines %d and %d differ only in upper and lower case.", key.Line, other.Line), "is one of them a slip?",
				s.r.related(other, "the other key"))
		}
	}
}

func (s *survey) checkKey(key *yaml.Node) bool {
	if key.Kind != yaml.ScalarNode || key.Value == "" || key.Tag == "!!null" {
		s.r.report(diag.KeyNotText, s.r.file.at(key), "A key is a plain word, followed by a colon.", "write a word")
		return false
	}
	for _, char := range key.Value {
		if unicode.IsControl(char) || crm.Invisible(char) {
			s.r.report(diag.KeyCharacter, s.r.file.at(key),
				fmt.Sprintf("The key holds the character U+%04X, which cannot be seen.", char), "type the key again")
			return false
		}
	}
	return true
}
