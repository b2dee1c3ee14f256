// Command tally counts a report of `go test -json` for compat-tests/run: one line per package, between tabs.
//
//	go test -json ./… | tally go ./v2 'name of the client' ./v1 'name of the other' >>results
//
// A test with subtests is as many as those; by itself it counts only if it failed and none of them did. A package that
// fails without a failed test (it does not build, it panics, it takes too long) counts as one failure. Failures are shown
// on standard error with what they printed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path"
	"strings"
)

// event is a line of the report, as `go doc test2json` says.
type event struct {
	Action  string
	Package string
	Test    string
	Elapsed float64
	Output  string
}

// report is the outcome of one package.
type report struct {
	outcomes map[string]string // of each test: pass, fail or skip
	output   map[string][]string
	outcome  string
	seconds  float64
}

func main() {
	log.SetFlags(0)
	if len(os.Args) < 4 || len(os.Args)%2 != 0 {
		log.Fatal("usage: tally SUITE PACKAGE CLIENT…")
	}
	reports, err := read(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	failures := 0
	suite, clients := os.Args[1], os.Args[2:]
	for ; len(clients) > 0; clients = clients[2:] {
		name, client := path.Clean(clients[0]), clients[1]
		found := find(reports, name)
		if found == nil {
			log.Fatalf("the report says nothing of %s", name)
		}
		passed, failed := found.count()
		fmt.Printf("%s\t%s\t%d\t%d\t%.0f\n", suite, client, passed, failed, found.seconds)
		found.showFailures(os.Stderr)
		failures += failed
	}
	if failures > 0 {
		os.Exit(1)
	}
}

func read(from io.Reader) (map[string]*report, error) {
	reports := map[string]*report{}
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return reports, nil
		}
		if err != nil {
			return nil, err
		}
		var event event
		if err := json.Unmarshal(line, &event); err != nil {
			return nil, fmt.Errorf("not a line of go test -json: %q", line)
		}
		if event.Action == "build-output" {
			log.Print(strings.TrimSuffix(event.Output, "\n"))
		}
		if event.Package == "" {
			continue
		}
		if reports[event.Package] == nil {
			reports[event.Package] = &report{outcomes: map[string]string{}, output: map[string][]string{}}
		}
		reports[event.Package].add(event)
	}
}

func (r *report) add(event event) {
	switch event.Action {
	case "output":
		r.output[event.Test] = append(r.output[event.Test], event.Output)
	case "run":
		r.outcomes[event.Test] = "did not end"
	case "pass", "fail", "skip":
		if event.Test == "" {
			r.outcome, r.seconds = event.Action, event.Elapsed
		} else {
			r.outcomes[event.Test] = event.Action
		}
	}
}

func (r *report) count() (passed, failed int) {
	for test, outcome := range r.outcomes {
		switch {
		case r.isParent(test):
			if hasFailed(outcome) && !r.hasFailedBelow(test) {
				failed++
			}
		case outcome == "pass":
			passed++
		case hasFailed(outcome):
			failed++
		}
	}
	if failed == 0 && r.outcome != "pass" {
		failed = 1
	}
	return passed, failed
}

func (r *report) isParent(test string) bool {
	for other := range r.outcomes {
		if strings.HasPrefix(other, test+"/") {
			return true
		}
	}
	return false
}

func (r *report) hasFailedBelow(test string) bool {
	for other, outcome := range r.outcomes {
		if strings.HasPrefix(other, test+"/") && hasFailed(outcome) {
			return true
		}
	}
	return false
}

// hasFailed is true of a test, too, under which its package died.
func hasFailed(outcome string) bool {
	return outcome == "fail" || outcome == "did not end"
}

func (r *report) showFailures(to io.Writer) {
	for test, outcome := range r.outcomes {
		if hasFailed(outcome) {
			fmt.Fprint(to, strings.Join(r.output[test], ""))
		}
	}
	if r.outcome != "pass" {
		fmt.Fprint(to, strings.Join(r.output[""], ""))
	}
}

// find returns the package whose path ends in a name.
func find(reports map[string]*report, name string) *report {
	for path, report := range reports {
		if strings.HasSuffix(path, "/"+name) {
			return report
		}
	}
	return nil
}
