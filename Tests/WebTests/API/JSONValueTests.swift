import Foundation
import HTTPTypes
import Testing

@testable import Web

struct JSONValueTests {
    @Test func documentsAreRead() throws {
        let text = #" {"a": [1, -2.5e2, true, false, null], "b": {"c": "x\n\u00e9\ud83d\ude00"}, "d": []} "#
        let value = try JSONValue(parsing: text.utf8)
        #expect(
            value
                == .object([
                    "a": .array([.number(1), .number(-250), .bool(true), .bool(false), .null]),
                    "b": .object(["c": .string("x\né😀")]),
                    "d": .array([]),
                ])
        )
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "nul", "tru",
        "+1", "01",
        "-", "1.", ".5", "1e", "1e999", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
        "\"a\nb\"",
        "\"\\u+123\"", "1 2", "{} {}", "NaN", "Infinity", "\u{FEFF}{}", "[1]x", "-01", "\"\\udc00\"",
    ])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: RequestError.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test func invalidUTF8IsRefused() {
        #expect(throws: RequestError.malformedJSON(at: 0)) { try JSONValue(parsing: [0x22, 0xff, 0xfe, 0x22]) }
    }

    @Test func nestingIsBounded() {
        for open in ["[", "{\"a\":"] {
            let text = String(repeating: open, count: 10_000)
            #expect(throws: RequestError.jsonTooDeep(limit: 32)) { try JSONValue(parsing: text.utf8) }
        }
        #expect(throws: Never.self) {
            try JSONValue(parsing: (String(repeating: "[", count: 32) + String(repeating: "]", count: 32)).utf8)
        }
    }

    @Test func aNameMayAppearOnlyOnce() {
        #expect(throws: RequestError.duplicateField("a")) { try JSONValue(parsing: #"{"a":1,"a":2}"#.utf8) }
    }

    @Test func anyBytesDecodeOrThrow() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]",:\u0123456789abcdeftrulsn.-+E "#.utf8) + [0, 0xff, 0xc3]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in alphabet.randomElement() }
            do {
                _ = try JSONValue(parsing: bytes)
            } catch {
                #expect(error.status.code == 400, "\(bytes)")
            }
        }
    }

    @Test func whatItReadsFoundationReadsAlike() throws {
        let text = #"{"n":[0,-0.5,12345678901,1e-3],"s":"\"\\\/\b\f\n\r\t\u0041","o":{"x":null,"y":true}}"#
        let ours = try JSONText.bytes(JSONValue(parsing: text.utf8))
        let one = try JSONSerialization.jsonObject(with: Data(ours)) as? NSDictionary
        let other = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
        #expect(one == other)
    }
}

struct JSONFieldsTests {
    private func fields(_ text: String) throws -> JSONFields {
        try JSONFields(JSONValue(parsing: text.utf8), known: ["name", "flag", "count"])
    }

    @Test func fieldsAreReadByType() throws {
        let fields = try fields(#"{"name":"x","flag":true,"count":7}"#)
        #expect(try fields.requiredText("name") == "x")
        #expect(try fields.flag("flag") == true)
        #expect(try fields.count("count") == 7)
    }

    @Test func missingAndNullAreTheSame() throws {
        #expect(try fields("{}").text("name") == nil)
        #expect(try fields(#"{"name":null}"#).text("name") == nil)
        #expect(throws: RequestError.missingField("name")) { try fields(#"{"name":null}"#).requiredText("name") }
    }

    @Test func strangersAreNamed() throws {
        #expect(throws: RequestError.unknownField("other", known: ["name", "flag", "count"])) {
            try fields(#"{"other":1}"#)
        }
        #expect(throws: RequestError.notAnObject) { try fields("[]") }
    }

    @Test func wrongTypesAreNamed() throws {
        #expect(throws: RequestError.wrongType("name", expected: "a text")) { try fields(#"{"name":1}"#).text("name") }
        #expect(throws: RequestError.wrongType("flag", expected: "true or false")) {
            try fields(#"{"flag":"x"}"#).flag("flag")
        }
        for number in ["-1", "1.5", "1e300", "\"1\""] {
            #expect(throws: RequestError.wrongType("count", expected: "a whole number")) {
                try fields("{\"count\":\(number)}").count("count")
            }
        }
    }

    @Test func longNamesAreCutInMessages() {
        let error = RequestError.unknownField(String(repeating: "x", count: 5000), known: [])
        #expect(error.message.count < 200)
        #expect((error.field ?? "").count == 64)
    }
}
