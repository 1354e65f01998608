import Testing
import WhatsAppWire

@testable import WhatsApp

struct StreamEndTests {
    @Test(arguments: [
        (400, StreamEnd.refused(reason: 400), StreamEnd.Reaction.stop),
        (401, .loggedOut(code: 401), .wipe),
        (403, .locked, .wipe),
        (405, .clientOutdated, .updateVersion),
        (406, .loggedOut(code: 406), .wipe),
        (409, .refused(reason: 409), .stop),
        (413, .refused(reason: 413), .stop),
        (415, .refused(reason: 415), .stop),
        (418, .refused(reason: 418), .stop),
        (500, .unavailable(code: 500), .backOff(penalty: 1)),
        (501, .refused(reason: 501), .stop),
        (503, .unavailable(code: 503), .backOff(penalty: 1)),
    ])
    func failureHasItsReaction(_ reason: Int, _ end: StreamEnd, _ reaction: StreamEnd.Reaction) {
        let found = StreamEnd(BinaryNode("failure", ["reason": .text("\(reason)")]))
        #expect(found == end)
        #expect(found?.reaction == reaction)
    }

    @Test(arguments: [
        (515, StreamEnd.restartRequired, StreamEnd.Reaction.reconnect),
        (516, .loggedOut(code: 516), .wipe),
        (401, .unauthorised, .backOff(penalty: 1)),
        (429, .rateLimited, .backOff(penalty: 5)),
        (500, .unavailable(code: 500), .backOff(penalty: 1)),
        (503, .unavailable(code: 503), .backOff(penalty: 1)),
        (777, .unknown(code: 777), .backOff(penalty: 1)),
    ])
    func streamErrorHasItsReaction(_ code: Int, _ end: StreamEnd, _ reaction: StreamEnd.Reaction) {
        let found = StreamEnd(BinaryNode("stream:error", ["code": .text("\(code)")]))
        #expect(found == end)
        #expect(found?.reaction == reaction)
    }

    @Test func conflictsAreToldApart() {
        func end(_ type: String, code: String?) -> StreamEnd? {
            StreamEnd(
                BinaryNode(
                    "stream:error",
                    ["code": code.map { .text($0) }],
                    children: [BinaryNode("conflict", ["type": .text(type)])]
                )
            )
        }
        #expect(end("replaced", code: nil) == .replaced)
        #expect(end("replaced", code: "409") == .replaced)
        #expect(end("device_removed", code: "401") == .loggedOut(code: 401))
        #expect(StreamEnd.replaced.reaction == .stop)
    }

    @Test func temporaryBanCarriesItsEnd() {
        let end = StreamEnd(BinaryNode("failure", ["reason": "402", "code": "104", "expire": "60"]))
        #expect(end == .temporarilyBanned(code: 104, expiry: .seconds(60)))
        #expect(end?.reaction == .wait(.seconds(60)))
    }

    @Test func credentialsAreWipedForNothingElse() {
        let codes = (300...600).map { BinaryNode("stream:error", ["code": .text("\($0)")]) }
        #expect(codes.filter { StreamEnd($0)?.reaction == .wipe }.map { $0.attributes.text("code") } == ["516"])
        let reasons = (300...600).map { BinaryNode("failure", ["reason": .text("\($0)")]) }
        let wiped = reasons.filter { StreamEnd($0)?.reaction == .wipe }.map { $0.attributes.text("reason") }
        #expect(wiped == ["401", "403", "406"])
    }

    @Test func otherStanzasAreNoEnd() {
        #expect(StreamEnd(BinaryNode("iq")) == nil)
        #expect(StreamEnd(BinaryNode("xmlstreamend")) == .ended)
        #expect(StreamEnd(BinaryNode("failure", ["reason": "rubbish"])) == .refused(reason: nil))
    }
}
