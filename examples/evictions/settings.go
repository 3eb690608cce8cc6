package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/examples/internal/cli"
)

// settings are what the command line says.
type settings struct {
	cli.Settings
	namespace, pod, node       string
	hint                       evict.Hint
	attempts, removals, drains bool
	summary                    bool
	hole                       time.Duration
	verdict, timeline          string
}

// parseArgs reads the command line. If ok is false it has said why, and status
// is the exit status.
func parseArgs(args []string, stderr io.Writer, now time.Time) (set settings, status int, ok bool) {
	flags := set.Flags("evictions", "[flags] [PATH...]", "since", "until", stderr, now)
	flags.StringVar(&set.namespace, "n", "", "only pods of this `namespace`")
	flags.StringVar(&set.pod, "p", "", "only pods of this `name`")
	flags.StringVar(&set.node, "node", "", "only pods that ran on this `node`, if the log tells")
	set.modes(flags)
	flags.DurationVar(&set.hole, "hole", 0, "with -summary, tell of times without an event that are longer than this `duration` (default 15m)")
	flags.Func("fargate", "take pods for those of a Fargate profile with this `selector`: a namespace, or namespace:key=value,... (may be repeated)", func(s string) error {
		profile, err := parseProfile(s)
		set.hint.Profiles = append(set.hint.Profiles, profile)
		return err
	})
	flags.Func("fargate-node", "take this `node` for one of Fargate (may be repeated)", func(s string) error {
		set.hint.Nodes = append(set.hint.Nodes, s)
		return nil
	})
	status, ok = set.Parse(flags, args, set.wrong)
	return set, status, ok
}

// modes defines the flags that ask for something else than evictions.
func (s *settings) modes(flags *flag.FlagSet) {
	flags.BoolVar(&s.attempts, "attempts", false, "give each request to evict, instead of the evictions that they make up")
	flags.BoolVar(&s.removals, "removals", false, "give the pods that were removed, in whatever way")
	flags.BoolVar(&s.drains, "drains", false, "give the nodes that were drained")
	flags.StringVar(&s.verdict, "verdict", "", "say whether Fargate OS patching removed this `pod or node`: NAMESPACE/POD or NODE")
	flags.BoolVar(&s.summary, "summary", false, "say what is in the files, before anything is asked of them")
	flags.StringVar(&s.timeline, "timeline", "", "tell what happened to this `pod`, NAMESPACE/POD, and to its namesakes")
}

// mode is the flags of the modes that were asked for; empty if none was.
func (s *settings) mode() string {
	var asked []string
	for _, m := range []struct {
		flag string
		on   bool
	}{
		{"-attempts", s.attempts}, {"-removals", s.removals}, {"-drains", s.drains},
		{"-verdict", s.verdict != ""}, {"-timeline", s.timeline != ""}, {"-summary", s.summary},
	} {
		if m.on {
			asked = append(asked, m.flag)
		}
	}
	return strings.Join(asked, " ")
}

// wrong says which flags do not go together; empty if all do.
func (s *settings) wrong() string {
	narrowed := s.namespace != "" || s.pod != "" || s.node != ""
	hinted := len(s.hint.Profiles)+len(s.hint.Nodes) > 0
	namespace, pod, _ := strings.Cut(s.timeline, "/")
	switch mode := s.mode(); {
	case strings.Contains(mode, " "):
		return "one of " + mode + " at a time"
	case s.summary && (narrowed || hinted || s.Quick || !s.Start.Time.IsZero() || !s.End.Time.IsZero()):
		return "-summary is of whole files, all of which it checks: it takes no flags but -hole and -o"
	case s.hole != 0 && !s.summary, s.hole < 0:
		return "-hole is the length of a time without events, with -summary"
	case s.attempts && s.node != "":
		return "-attempts takes no -node: a request to evict does not name one"
	case s.attempts && hinted:
		return "-attempts takes no hints: nothing in its rows depends on them"
	case narrowed && (s.verdict != "" || s.timeline != ""):
		return mode + " names what it is about: -n, -p and -node have no place beside it"
	case s.timeline != "" && (namespace == "" || pod == "" || strings.Contains(pod, "/")):
		return fmt.Sprintf("-timeline takes NAMESPACE/POD, not %q", s.timeline)
	}
	if s.verdict != "" {
		if _, err := parseTarget(s.verdict); err != nil {
			return err.Error()
		}
	}
	return ""
}

// parseTarget reads NAMESPACE/POD or NODE.
func parseTarget(s string) (evict.Target, error) {
	namespace, pod, isPod := strings.Cut(s, "/")
	switch {
	case !isPod:
		return evict.Target{Node: s}, nil
	case namespace == "" || pod == "" || strings.Contains(pod, "/"):
		return evict.Target{}, fmt.Errorf("-verdict takes NAMESPACE/POD or NODE, not %q", s)
	}
	return evict.Target{Namespace: namespace, Pod: pod}, nil
}

// parseProfile reads NAMESPACE or NAMESPACE:KEY=VALUE,... as the selector of a
// Fargate profile.
func parseProfile(s string) (evict.ProfileSelector, error) {
	namespace, labels, labelled := strings.Cut(s, ":")
	if namespace == "" {
		return evict.ProfileSelector{}, fmt.Errorf("%q names no namespace", s)
	}
	p := evict.ProfileSelector{Namespace: namespace}
	if !labelled {
		return p, nil
	}
	p.Labels = make(map[string]string)
	for pair := range strings.SplitSeq(labels, ",") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return evict.ProfileSelector{}, fmt.Errorf("%q is no key=value", pair)
		}
		p.Labels[key] = value
	}
	return p, nil
}
