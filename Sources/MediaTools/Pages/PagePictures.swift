/// Pictures of web pages, by Chromium in a sandbox whose only way out is our proxy.
package struct PagePictures: Sendable {
    private let runner: ToolRunner
    private let program: String
    private let rules: OutboundRules

    private static let byteLimit = 48 << 20
    /// Of each process; a page has two at most, and the browser few others.
    private static let memoryLimit = 1 << 30

    package init(runner: ToolRunner, program: String, rules: OutboundRules = OutboundRules()) {
        self.runner = runner
        self.program = program
        self.rules = rules
    }

    /// A PNG of what a visitor sees first.
    package func picture(of address: String, for key: String) async throws(DownloadError) -> [UInt8] {
        guard let target = DownloadRequest(.address(address), as: .video).target else { throw .invalidAddress }
        let prepared = order(target)
        let budget = ProxyBudget(bytes: Self.byteLimit, connections: 500)
        let runner = runner
        do throws(ToolError) {
            let picture = try await OutboundProxy.run(rules: rules, budget: budget) { socket throws(ToolError) in
                var order = prepared
                order.network = .proxy(socket: socket)
                return try await runner.run(order, for: key)
            }
            // Without the page there is a picture of the browser's own error.
            if !budget.report.wasRefused { return picture }
        } catch {
            if budget.report.wasRefused { throw .privateAddress }
            switch error {
            case .busy: throw .busy
            case .timedOut: throw .timedOut
            case .cancelled: throw .cancelled
            case .programMissing(let name): throw .notInstalled(name)
            default: throw .failed(error)
            }
        }
        throw .privateAddress
    }

    private func order(_ target: String) -> ToolOrder {
        var order = ToolOrder(
            program,
            [
                // The sandbox around it is ours; its own needs namespaces, which are closed in there.
                "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--mute-audio",
                "--disable-extensions", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--no-first-run", "--renderer-process-limit=2", "--js-flags=--max-old-space-size=256",
                "--incognito", "--user-data-dir=\(ToolOrder.place(of: "profile"))",
                "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--proxy-server=\(ToolOrder.proxyURL)",
                "--proxy-bypass-list=<-loopback>", "--window-size=1280,1600", "--virtual-time-budget=8000",
                "--timeout=20000", "--screenshot=\(ToolOrder.place(of: "page.png"))", target,
            ]
        )
        order.output = .file("page.png")
        order.limits = ToolLimits(wallTime: .seconds(75), outputBytes: 16 << 20, processes: 400)
        order.limits.scratchBytes = 256 << 20
        order.limits.memoryBytes = nil
        order.limits.dataBytes = Self.memoryLimit
        order.limits.openFiles = 4_096
        return order
    }
}
