package diag

// Nearest returns the candidate that a mistyped word most likely means: the one
// with the fewest edits between them (a swap of neighbours is one edit), at most
// one edit for each three characters of the word and at least one. Case, "_", "-"
// and spaces do not count. Of equally near candidates the first one stands.
func Nearest(word string, candidates []string) (string, bool) {
	folded := fold(word)
	if len(folded) == 0 {
		return "", false
	}
	best, allowed := "", max(1, len(folded)/3)
	found := false
	for _, candidate := range candidates {
		other := fold(candidate)
		if len(other) == 0 || len(other)-len(folded) > allowed || len(folded)-len(other) > allowed {
			continue
		}
		if edits := distance(folded, other); edits <= allowed && edits < max(len(folded), len(other)) {
			best, found = candidate, true
			if edits == 0 {
				return best, true
			}
			allowed = edits - 1
		}
	}
	return best, found
}

// maxFolded bounds the work on a long word: nothing that long is a slip of the
// fingers.
const maxFolded = 128

func fold(word string) []rune {
	folded := make([]rune, 0, len(word))
	for _, r := range word {
		switch {
		case r == '_' || r == '-' || r == ' ':
			continue
		case 'A' <= r && r <= 'Z':
			r += 'a' - 'A'
		}
		if len(folded) == maxFolded {
			return nil
		}
		folded = append(folded, r)
	}
	return folded
}

// distance counts insertions, deletions, replacements and swaps of neighbours
// (optimal string alignment).
func distance(a, b []rune) int {
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			replaced := previous[j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			current[j] = min(previous[j]+1, current[j-1]+1, replaced)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}
