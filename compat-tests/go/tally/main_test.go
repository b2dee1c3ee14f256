package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLeavesAreCountedOnce(t *testing.T) {
	check(t, 3, 0,
		`{"Action":"pass","Package":"m/p","Test":"A/1"}`,
		`{"Action":"pass","Package":"m/p","Test":"A/2"}`,
		`{"Action":"pass","Package":"m/p","Test":"A"}`,
		`{"Action":"pass","Package":"m/p","Test":"AB"}`,
		`{"Action":"skip","Package":"m/p","Test":"B"}`,
		`{"Action":"pass","Package":"m/p"}`)
}

func TestParentCountsOnlyIfItFailedByItself(t *testing.T) {
	check(t, 1, 2,
		`{"Action":"fail","Package":"m/p","Test":"A/1"}`,
		`{"Action":"fail","Package":"m/p","Test":"A"}`,
		`{"Action":"pass","Package":"m/p","Test":"B/1"}`,
		`{"Action":"fail","Package":"m/p","Test":"B"}`,
		`{"Action":"fail","Package":"m/p"}`)
}

func TestPackageThatDiesHasFailed(t *testing.T) {
	check(t, 1, 1,
		`{"Action":"pass","Package":"m/p","Test":"A"}`,
		`{"Action":"run","Package":"m/p","Test":"B"}`,
		`{"Action":"fail","Package":"m/p"}`)
	check(t, 0, 1, `{"Action":"fail","Package":"m/p","FailedBuild":"m/p"}`)
	check(t, 1, 1, `{"Action":"pass","Package":"m/p","Test":"A"}`)
}

func check(t *testing.T, passed, failed int, lines ...string) {
	t.Helper()
	reports, err := read(strings.NewReader(strings.Join(lines, "\n") + "\n"))
	require.NoError(t, err)
	gotPassed, gotFailed := find(reports, "p").count()
	require.Equal(t, []int{passed, failed}, []int{gotPassed, gotFailed})
}
