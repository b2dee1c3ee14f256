package topiq.compat;

import java.util.stream.Stream;

/** Texts that break careless codecs. */
public final class OddTexts {

    private OddTexts() {}

    /** They come back as they were sent. */
    public static Stream<String> kept() {
        return Stream.of(
                "emoji é€😀👩‍👩‍👧‍👦" + Character.toString(0x10FFFF),
                "line ends\r\nb\rc\nd\te\r",
                "<a href=\"x\">&amp;&#13;'</a><![CDATA[ ]]>",
                "form=a&b=c+d%20e;f?g#h",
                " ",
                "   ",
                "\n",
                "\n  x  \n",
                "{\"a\":\"\\u0000 \\n \\\\ \\\"\"}",
                "\t\n\r \uD7FF\uE000\uFFFD",
                "\u202Eabc\u200F",
                "\uFEFFafter a byte order mark");
    }

    /** XML 1.0 does not have them, so SQS accepts none. */
    public static Stream<String> refused() {
        return Stream.of("\u0000", "\u0001", "\u0008", "\u000B", "\u000C", "\u001F", "\uFFFE", "\uFFFF");
    }

    /** As large as a message may be: 1,048,576 bytes. */
    public static Stream<String> largest() {
        return Stream.of("x".repeat(1_048_576), "é".repeat(524_288), "😀".repeat(262_144), "\r\n".repeat(524_288));
    }
}
