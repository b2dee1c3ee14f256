package topiq.compat;

/** The servers' endpoints, and the callers. */
public final class Topiq {

    /** With the default settings. */
    public static final String ENDPOINT = named("TOPIQ_ENDPOINT");

    /** Started with {@code --strict-timing}: it keeps AWS's waits of 60 seconds. */
    public static final String STRICT_ENDPOINT = named("TOPIQ_STRICT_ENDPOINT");

    /** Started with {@code --enforce-policies}: it enforces access policies. */
    public static final String ENFORCING_ENDPOINT = named("TOPIQ_ENFORCING_ENDPOINT");

    public static final String REGION = "us-east-1";

    /** The access key's twelve digits name the caller's account. */
    public static final String ACCOUNT = "123456789012";

    public static final String SECRET_KEY = "anything";

    private Topiq() {}

    private static String named(String variable) {
        var url = System.getenv(variable);
        if (url == null || url.isEmpty()) {
            throw new IllegalStateException("name a topiq: " + variable + "=http://...");
        }
        return url;
    }
}
