package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.schemas.SchemasClient;
import software.amazon.awssdk.services.schemas.model.BadRequestException;
import software.amazon.awssdk.services.schemas.model.CodeGenerationStatus;
import software.amazon.awssdk.services.schemas.model.ConflictException;
import software.amazon.awssdk.services.schemas.model.ForbiddenException;
import software.amazon.awssdk.services.schemas.model.NotFoundException;
import software.amazon.awssdk.services.schemas.model.PreconditionFailedException;
import software.amazon.awssdk.services.schemas.model.Type;
import software.amazon.awssdk.services.schemas.waiters.SchemasWaiter;
import topiq.compat.Json;
import topiq.compat.Names;

/** The schema registry: schemas with versions, what events look like, and code of them. */
class SchemasTest extends Story {

    private static final SchemasClient schemas = Clients.schemas();

    /** A schema with names that are no identifiers. */
    private static final Path ODD = Path.of("../../../src/services/schemas/bindings/testing.json");

    private final String registry = Names.unique();

    @BeforeEach
    void createRegistry() {
        schemas.createRegistry(r -> r.registryName(registry).description("d").tags(Map.of("k", "v")));
        afterwards(() -> schemas.deleteRegistry(r -> r.registryName(registry)));
    }

    @Test
    void aSchemaHasVersions() throws IOException {
        var content = Files.readString(ODD);
        var created = createSchema("shop.orders@OrderPlaced", content);
        assertThat(created).isEqualTo("1");
        var more = content.replace("\"paths\"", "\"x-more\":1,\"paths\"");
        var updated = schemas.updateSchema(
                r -> r.registryName(registry).schemaName("shop.orders@OrderPlaced").content(more));
        assertThat(updated.schemaVersion()).isEqualTo("2");
        var shown = schemas.describeSchema(
                r -> r.registryName(registry).schemaName("shop.orders@OrderPlaced").schemaVersion("1"));
        assertThat(Json.read(shown.content())).isEqualTo(Json.read(content));
        assertThat(shown.versionCreatedDate()).isNotNull();

        createSchema("shop.orders@OrderShipped", content);
        var pages = schemas.listSchemasPaginator(r -> r.registryName(registry).limit(1));
        assertThat(pages).extracting(page -> page.schemas().size()).startsWith(1, 1);
        assertThat(pages.stream().flatMap(page -> page.schemas().stream()).map(schema -> schema.schemaName()))
                .containsExactly("shop.orders@OrderPlaced", "shop.orders@OrderShipped");
        var found = schemas.searchSchemas(r -> r.registryName(registry).keywords("x-more")).schemas();
        assertThat(found).extracting(schema -> schema.schemaName()).containsExactly("shop.orders@OrderPlaced");
    }

    @Test
    void theSchemaOfEventsIsDiscovered() {
        var event = "{\"source\":\"shop\",\"detail-type\":\"Order Placed\",\"detail\":{\"id\":\"A-1\",\"total\":9.5}}";
        var discovered = schemas.getDiscoveredSchema(r -> r.events(event).type(Type.OPEN_API3)).content();
        var detail = Json.read(discovered).at("/components/schemas/OrderPlaced/properties");
        assertThat(detail.at("/id/type").asText()).isEqualTo("string");
        assertThat(detail.at("/total/type").asText()).isEqualTo("number");
    }

    @Test
    void refusalsAreTyped() {
        Refusal.of(ConflictException.class, "ConflictException", 409)
                .provokedBy(() -> schemas.createRegistry(r -> r.registryName(registry)));
        Refusal.of(NotFoundException.class, "NotFoundException", 404)
                .provokedBy(() -> schemas.describeSchema(r -> r.registryName(registry).schemaName("absent")));
        Refusal.of(BadRequestException.class, "BadRequestException", 400)
                .provokedBy(() -> createSchema("s", "no JSON"));
        Refusal.of(ForbiddenException.class, "ForbiddenException", 403)
                .provokedBy(() -> schemas.deleteRegistry(r -> r.registryName("aws.events")));
        Refusal.of(PreconditionFailedException.class, "PreconditionFailedException", 412)
                .provokedBy(() -> schemas.putResourcePolicy(r -> r.registryName(registry)
                        .policy("{\"Version\":\"2012-10-17\",\"Statement\":[]}")
                        .revisionId("other")));
    }

    /** A keyword is no name of a package. */
    @ParameterizedTest
    @ValueSource(strings = {"shop.orders@Order-Placed", "class", "1st", "java"})
    void codeBindingsCompile(String name, @TempDir Path folder) throws IOException {
        createSchema(name, Files.readString(ODD));
        schemas.putCodeBinding(r -> r.registryName(registry).schemaName(name).language("Java8"));
        var waited = SchemasWaiter.builder().client(schemas).build().waitUntilCodeBindingExists(
                r -> r.registryName(registry).schemaName(name).language("Java8"));
        assertThat(waited.matched().response().orElseThrow().status()).isEqualTo(CodeGenerationStatus.CREATE_COMPLETE);
        var source = schemas.getCodeBindingSource(r -> r.registryName(registry).schemaName(name).language("Java8"));
        compile(unpack(source.body().asByteArray(), folder), folder);
    }

    private String createSchema(String name, String content) {
        return schemas.createSchema(r ->
                        r.registryName(registry).schemaName(name).type(Type.OPEN_API3).content(content))
                .schemaVersion();
    }

    private static List<Path> unpack(byte[] archive, Path folder) throws IOException {
        var files = new ArrayList<Path>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                var file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.write(file, zip.readAllBytes());
                files.add(file);
            }
        }
        return files;
    }

    /** As Java 8; each file is in the folder of its package. */
    private static void compile(List<Path> files, Path folder) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        var options = List.of("--release", "8", "-Xlint:-options", "-proc:none", "-d", folder.toString());
        var manager = compiler.getStandardFileManager(null, null, null);
        var sources = manager.getJavaFileObjectsFromPaths(files);
        assertThat(compiler.getTask(said, manager, null, options, null, sources).call())
                .as(said.toString())
                .isTrue();
        assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(
                        Path.of(file.toString().replace(".java", ".class")))
                .exists());
    }
}
