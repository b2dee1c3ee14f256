package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** An error as the SDK shows it: its class, AWS's code, the HTTP status and, where it is known, the text. */
record Refusal(Class<? extends AwsServiceException> exception, String code, int status, String text) {

    static Refusal of(Class<? extends AwsServiceException> exception, String code, int status) {
        return new Refusal(exception, code, status, null);
    }

    void provokedBy(Runnable call) {
        var thrown = catchThrowable(call::run);
        assertThat(thrown).isExactlyInstanceOf(exception);
        var refused = (AwsServiceException) thrown;
        var details = refused.awsErrorDetails();
        assertThat(details.errorCode()).isEqualTo(code);
        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(refused.requestId()).isNotBlank();
        if (text == null) {
            assertThat(details.errorMessage()).isNotBlank();
        } else {
            assertThat(details.errorMessage()).isEqualTo(text);
        }
    }

    /** The names of all exceptions beside the given one, which is the service's general one, in its jar. */
    static Set<String> modelledBeside(Class<? extends AwsServiceException> general) throws IOException {
        var folder = general.getPackageName().replace('.', '/') + "/";
        var jar = general.getProtectionDomain().getCodeSource().getLocation().getPath();
        try (var files = new JarFile(jar)) {
            return files.stream()
                    .map(file -> file.getName())
                    .filter(name -> name.startsWith(folder) && name.endsWith("Exception.class"))
                    .map(name -> name.substring(folder.length(), name.length() - ".class".length()))
                    .filter(name -> !name.equals(general.getSimpleName()))
                    .collect(Collectors.toSet());
        }
    }
}
