extension MediaTools {
    private static let codeLimit = 20

    /// The texts of the QR codes in a picture, at most some; empty where there is none.
    package func readCodes(in bytes: [UInt8], for key: String) async throws(ToolError) -> [String] {
        let picture = try await image(from: bytes, for: key)
        // The program's library refuses links, which inputs are.
        var order = ToolOrder(
            "/bin/sh",
            [
                "-c", #"cat "$2" > code.png && exec "$1" --quiet --raw -Sdisable -Sqrcode.enable code.png"#, "sh",
                paths.codeReader, ToolOrder.path(of: "picture"),
            ]
        )
        order.inputs = [ToolOrder.Input("picture", picture)]
        order.limits = ToolLimits(wallTime: .seconds(15), outputBytes: 256 << 10)
        do {
            let output = try await runner.run(order, for: key)
            let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
            return Array(lines.prefix(Self.codeLimit))
        } catch .failed(status: 4, _) {
            // Its way to say that it found none.
            return []
        }
    }
}
