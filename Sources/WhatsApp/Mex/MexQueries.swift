internal import WhatsAppWire

/// The identifiers of the service's stored queries (`w:mex`); they change with versions of WhatsApp Web.
package struct MexQueries: Sendable, Equatable {
    package var newsletter = "27456920720571478"
    package var subscribedNewsletters = "25399611239711790"
    package var createNewsletter = "25149874324715067"
    package var updateNewsletter = "24250201037901610"
    package var followNewsletter = "24404358912487870"
    package var leaveNewsletter = "9767147403369991"
    package var muteNewsletter = "31938993655691868"
    package var deleteNewsletter = "30062808666639665"
    package var reachOutLock = "23983697327930364"
    package var newChatCap = "27910975521856601"

    /// Those of WhatsApp Web 2.3000.1045368834.
    package init() {}
}

/// Questions to the service in JSON.
enum Mex {
    /// As much JSON as an answer may hold.
    private static let limits = JSONLimits(bytes: 4 << 20, depth: 32, values: 200_000)

    /// Wire form: `<iq type="get" xmlns="w:mex"><query query_id>{"variables":{…}}</query></iq>`.
    static func query(_ id: String, _ variables: JSONValue) -> BinaryNode {
        let body: JSONValue = ["variables": variables]
        return ProfileRequests.iq("get", "w:mex", BinaryNode("query", ["query_id": .text(id)], text: body.text))
    }

    /// The one thing that was asked for: what stands under `name` in the answer's `data`.
    ///
    /// Errors that stand in the JSON become refusals with their code.
    static func value(_ name: String, in answer: BinaryNode) throws(RequestError) -> JSONValue {
        guard let result = answer.child("result") else { throw .malformed("mex") }
        guard result.attributes.text("format") != "argo", let bytes = result.bytes else {
            throw .malformed("mex format")
        }
        guard let json = parse(bytes) else { throw .malformed("mex") }
        if let data = json.member("data")?.member(name), data != .null { return data }
        throw failure(json) ?? .refused(code: 404, text: nil, backOff: nil)
    }

    /// The same where the name of the answer's part does not matter.
    static func anyValue(in answer: BinaryNode) throws(RequestError) -> JSONValue {
        guard let bytes = answer.child("result")?.bytes, let json = parse(bytes) else { throw .malformed("mex") }
        if let data = json.member("data")?.firstMember, data != .null { return data }
        throw failure(json) ?? .refused(code: 404, text: nil, backOff: nil)
    }

    static func parse(_ bytes: ArraySlice<UInt8>) -> JSONValue? {
        try? JSONValue.parse(bytes, limits: limits)
    }

    private static func failure(_ json: JSONValue) -> RequestError? {
        guard let error = json.elements("errors").first else { return nil }
        let code = error.member("extensions")?.integer("error_code").flatMap { Int(exactly: $0) }
        let text = error.text("message").map { MessageContent.bounded($0, limit: 1_024) }
        return .refused(code: code ?? 500, text: text, backOff: nil)
    }
}
