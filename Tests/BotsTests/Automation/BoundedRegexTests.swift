import Testing

@testable import Bots

struct BoundedRegexTests {
    @Test(
        arguments: [
            ("hello", "say hello there", true), ("^hello$", "hello", true), ("^hello$", "hello there", false),
            ("h.llo", "hxllo", true), ("colou?r", "COLOR", true), ("a{2,3}b", "caab", true), ("a{3}b", "caab", false),
            ("(cat|dog)s?", "two dogs", true), (#"\bcat\b"#, "concatenate", false),
            (#"\d{3}-\d+"#, "call 555-12", true),
            ("[a-c]+x", "bbx", true), ("^[z0-9b-da-c_]+$", "a0_dz", true), ("^[z0-9b-da-c_]+$", "ey", false),
            (#"^[\s\D]$"#, "5", false), (#"^[^\w-]+$"#, "!?", true), (#"^[^\w-]+$"#, "!-", false),
            ("[^a-c]x", "bx", false), (#"\S+@\S+"#, "me@home", true), ("x*", "", true),
            ("a|", "b", true), ("[]]", "]", true), ("ß", "straße", true), ("é+", "CAFÉÉ", true), ("{", "a{b", true),
            (#"\D"#, "5", false), (#"\D"#, "a", true),
        ]
    )
    func matches(_ pattern: String, _ text: String, _ isMatch: Bool) throws {
        #expect(try BoundedRegex(pattern).matches(text) == isMatch)
    }

    @Test(arguments: [
        "(", "a)", "[a", "*a", "a**b(", #"\"#, "[z-a]", "(?=a)", #"(a)\1"#, "a{300}",
        "((((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))))", "(a{100}){100}",
    ])
    func whatCannotBeIsRefused(_ pattern: String) {
        #expect(throws: BoundedRegex.Problem.self) { try BoundedRegex(pattern) }
    }

    @Test func bombsTakeNoTime() throws {
        let start = ContinuousClock.now
        for pattern in ["(a+)+$", "(a|aa)+$", "(.*a){12}$", "(a?){100}a{100}", #"^(\w+\s?)*$"#] {
            let regex = try BoundedRegex(pattern)
            _ = regex.matches(String(repeating: "a", count: 50_000) + "!")
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}

struct RegexBudgetTests {
    /// Each step looks at a class of hundreds of characters.
    private static let heavy: String = {
        let characters = String(String.UnicodeScalarView((0..<480).compactMap { Unicode.Scalar(0x4E00 + $0 * 2) }))
        return "([\(characters)]{256}){3}x"
    }()

    @Test func aMessageHasSoManyStepsForAllRules() throws {
        let regex = try BoundedRegex(Self.heavy)
        let text = String(repeating: "\u{4E02}", count: 2_048)
        var budget = RegexBudget()
        #expect(!regex.matches(text, &budget))
        #expect(budget.isUsedUp)
        // No more than one character's worth beyond.
        #expect(budget.steps > -3 * BoundedRegex.programLimit)
        let left = budget.steps
        #expect(!regex.matches(text, &budget))
        #expect(left - budget.steps < 10)
    }

    @Test func whatHadNoTimeIsSaid() {
        let bombs = (0..<99).map { _ in AutoReplyRule(match: .regex, pattern: Self.heavy, answer: "x", priority: 1) }
        let rules = RuleSet(bombs + [AutoReplyRule(match: .regex, pattern: "\u{4E02}", answer: "y")])
        let found = rules.search(String(repeating: "\u{4E02}", count: 2_048), isGroup: false, chat: nil)
        #expect(found.rule == nil && !found.isComplete)
        #expect(rules.search("\u{4E02}", isGroup: false, chat: nil).rule?.answer == "y")
        #expect(rules.search("nothing", isGroup: false, chat: nil).isComplete)
    }
}

struct AutoReplyRuleTests {
    @Test func theHighestRuleWins() {
        let rules = RuleSet([
            AutoReplyRule(match: .contains, pattern: "price", answer: "low"),
            AutoReplyRule(match: .starts, pattern: "PRICE", answer: "high", priority: 5),
            AutoReplyRule(match: .exact, pattern: "price?", answer: "off", priority: 9, isOn: false),
            AutoReplyRule(match: .regex, pattern: #"^\d+$"#, answer: "number", scope: .private),
        ])
        #expect(rules.match("Price of tea", isGroup: true)?.answer == "high")
        #expect(rules.match("the price", isGroup: true)?.answer == "low")
        #expect(rules.match("42", isGroup: false)?.answer == "number")
        #expect(rules.match("42", isGroup: true) == nil)
        #expect(rules.match("   ", isGroup: false) == nil)
    }

    @Test func templatesAreFilledOnce() {
        var values = TemplateValues()
        values.name = "{number} {name}"
        values.number = "1"
        values.words = ["one"]
        values.response = Array(#"{"a":{"b":[1,"x"]}}"#.utf8)
        #expect(values.fill("Hi {name}!") == "Hi {number} {name}!")
        #expect(values.fill("{1}|{2}|{unknown}|{") == "one||{unknown}|{")
        #expect(values.fill("{response:a.b.1}") == "x")
        #expect(["a", "b"].contains(values.fill("{random:a|b}")))
        #expect(values.fill(String(repeating: "{name}", count: 5_000)).utf8.count <= TextTemplate.limit)
    }
}
