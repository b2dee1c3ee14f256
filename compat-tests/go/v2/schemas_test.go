package v2

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/schemas"
	"github.com/aws/aws-sdk-go-v2/service/schemas/types"
	"github.com/stretchr/testify/require"
)

// oddSchema has names that are no identifiers.
const oddSchema = "../../../src/services/schemas/bindings/testing.json"

func TestSchemaHasVersions(t *testing.T) {
	s := newStory(t)
	registry, name, content := s.registry(), aws.String("shop.orders@OrderPlaced"), readText(t, oddSchema)
	s.schema(registry, *name, content)
	more := `{"openapi":"3.0.0","info":{"version":"1","title":"t"},"paths":{},"components":{"schemas":{}},"x-more":1}`
	updated, err := s.schemas.UpdateSchema(t.Context(), &schemas.UpdateSchemaInput{
		RegistryName: &registry, SchemaName: name, Type: types.TypeOpenApi3, Content: &more,
	})
	require.NoError(t, err)
	require.Equal(t, "2", *updated.SchemaVersion)
	shown, err := s.schemas.DescribeSchema(t.Context(), &schemas.DescribeSchemaInput{
		RegistryName: &registry, SchemaName: name, SchemaVersion: aws.String("1"),
	})
	require.NoError(t, err)
	require.Equal(t, content, *shown.Content)
	require.NotNil(t, shown.VersionCreatedDate)

	var versions []string
	pages := schemas.NewListSchemaVersionsPaginator(s.schemas, &schemas.ListSchemaVersionsInput{
		RegistryName: &registry, SchemaName: name, Limit: aws.Int32(1),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.SchemaVersions), 1)
		for _, version := range page.SchemaVersions {
			versions = append(versions, *version.SchemaVersion)
		}
	}
	require.Equal(t, []string{"1", "2"}, versions)
}

func TestSchemaOfEventsIsDiscovered(t *testing.T) {
	s := newStory(t)
	discovered, err := s.schemas.GetDiscoveredSchema(t.Context(), &schemas.GetDiscoveredSchemaInput{
		Events: []string{`{"source":"shop","detail-type":"Order Placed","detail":{"id":"A-1","total":9.5}}`},
		Type:   types.TypeOpenApi3,
	})
	require.NoError(t, err)
	var content struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Type string }
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(*discovered.Content), &content))
	require.Equal(t, "number", content.Components.Schemas["OrderPlaced"].Properties["total"].Type)
}

func TestSchemaRegistryRefusesByTypedErrors(t *testing.T) {
	s := newStory(t)
	registry := s.registry()
	_, err := s.schemas.CreateRegistry(t.Context(), &schemas.CreateRegistryInput{RegistryName: &registry})
	requireRefused[*types.ConflictException](t, err, refusal{code: "ConflictException", status: 409})
	_, err = s.schemas.DescribeSchema(t.Context(), &schemas.DescribeSchemaInput{
		RegistryName: &registry, SchemaName: aws.String("absent"),
	})
	requireRefused[*types.NotFoundException](t, err, refusal{code: "NotFoundException", status: 404})
	_, err = s.schemas.DeleteRegistry(t.Context(), &schemas.DeleteRegistryInput{RegistryName: aws.String("aws.events")})
	requireRefused[*types.ForbiddenException](t, err, refusal{code: "ForbiddenException", status: 403})
}

// A keyword is no name of a package.
func TestCodeBindingsCompile(t *testing.T) {
	s := newStory(t)
	registry, folder := s.registry(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "go.mod"), []byte("module bindings\n\ngo 1.21\n"), 0o600))
	var packages []string
	for _, name := range []string{"shop.orders@Order-Placed", "func", "main", "internal", "1st"} {
		s.schema(registry, name, readText(t, oddSchema))
		_, err := s.schemas.PutCodeBinding(t.Context(), &schemas.PutCodeBindingInput{
			RegistryName: &registry, SchemaName: &name, Language: aws.String("Go1"),
		})
		require.NoError(t, err)
		waiter := schemas.NewCodeBindingExistsWaiter(s.schemas)
		require.NoError(t, waiter.Wait(t.Context(), &schemas.DescribeCodeBindingInput{
			RegistryName: &registry, SchemaName: &name, Language: aws.String("Go1"),
		}, patience))
		source, err := s.schemas.GetCodeBindingSource(t.Context(), &schemas.GetCodeBindingSourceInput{
			RegistryName: &registry, SchemaName: &name, Language: aws.String("Go1"),
		})
		require.NoError(t, err)
		for _, file := range unpack(t, source.Body, folder) {
			packages = append(packages, "./"+filepath.Dir(file))
		}
	}
	require.Len(t, packages, 5)
	vet := exec.CommandContext(t.Context(), "go", append([]string{"vet"}, packages...)...)
	vet.Dir = folder
	said, err := vet.CombinedOutput()
	require.NoError(t, err, string(said))
}

// unpack writes an archive's files below a folder, and returns their paths in the archive.
func unpack(t *testing.T, archive []byte, folder string) []string {
	t.Helper()
	read, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(folder, read))
	var paths []string
	for _, file := range read.File {
		paths = append(paths, file.Name)
	}
	return paths
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// registry creates a registry that is deleted after the test, with its schemas.
func (s *story) registry() string {
	s.Helper()
	name := newName()
	_, err := s.schemas.CreateRegistry(s.Context(), &schemas.CreateRegistryInput{RegistryName: &name})
	require.NoError(s, err)
	s.Cleanup(func() {
		_, err := s.schemas.DeleteRegistry(context.Background(), &schemas.DeleteRegistryInput{RegistryName: &name})
		require.NoError(s, err)
	})
	return name
}

func (s *story) schema(registry, name, content string) {
	s.Helper()
	created, err := s.schemas.CreateSchema(s.Context(), &schemas.CreateSchemaInput{
		RegistryName: &registry, SchemaName: &name, Type: types.TypeOpenApi3, Content: &content,
	})
	require.NoError(s, err)
	require.Equal(s, "1", *created.SchemaVersion)
}
