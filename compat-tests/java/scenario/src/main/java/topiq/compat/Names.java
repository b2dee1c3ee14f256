package topiq.compat;

import java.util.UUID;

/** Names that no other test uses. */
public final class Names {

    private Names() {}

    public static String unique() {
        return "compat-" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    }

    public static String uniqueFifo() {
        return unique() + ".fifo";
    }

    /** Twelve digits, for limits per account. */
    public static String uniqueAccount() {
        return String.format("%012d", Math.floorMod(UUID.randomUUID().getMostSignificantBits(), 1_000_000_000_000L));
    }
}
