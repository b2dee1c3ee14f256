package expected

// Mebibyte is SQS's largest message size, in bytes.
const Mebibyte = 1_048_576

// OddTexts break careless codecs.
var OddTexts = map[string]string{
	"emoji":         "é€😀👩‍👩‍👧‍👦\U0010ffff",
	"line ends":     "a\r\nb\rc\nd\te\r",
	"markup":        "<a href=\"x\">&amp;&#13;'</a><![CDATA[ ]]>",
	"form":          "a=b&c=d+e%20f;g?h#i",
	"json":          `{"a":"\u0000 \n \\ \""}`,
	"one blank":     " ",
	"blanks":        "   ",
	"one line end":  "\n",
	"outer blanks":  "\n  x  \n",
	"edges":         "\t\n\r \ud7ff\ue000\ufffd",
	"right to left": "\u202eabc\u200f",
	"mark":          "\ufeffx",
}
