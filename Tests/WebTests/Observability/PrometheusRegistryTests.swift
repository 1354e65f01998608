import Foundation
import Metrics
import Observability
import Testing

struct PrometheusRegistryTests {
    private let registry = PrometheusRegistry()

    @Test func countersGaugesAndTimersHaveTheirNamesAndTypes() {
        Counter(label: "web.requests", dimensions: [("outcome", "ok")], factory: registry).increment(by: 3)
        Counter(label: "web.requests", dimensions: [("outcome", "ok")], factory: registry).increment()
        Gauge(label: "pool.connections.idle", factory: registry).record(7)
        Meter(label: "web.sockets.open", factory: registry).increment(by: 2)
        let text = registry.render()
        #expect(text.contains("# TYPE web_requests_total counter\nweb_requests_total{outcome=\"ok\"} 4\n"))
        #expect(text.contains("# TYPE pool_connections_idle gauge\npool_connections_idle 7\n"))
        #expect(text.contains("web_sockets_open 2\n"))
    }

    @Test func timerIsAHistogramInSeconds() {
        let timer = Timer(label: "session.connect.duration", dimensions: [("b", "2"), ("a", "1")], factory: registry)
        timer.recordMilliseconds(3)
        timer.recordSeconds(2)
        timer.recordSeconds(99)
        let text = registry.render()
        let name = "session_connect_duration_seconds"
        #expect(text.contains("# TYPE \(name) histogram\n"))
        #expect(text.contains("\(name)_bucket{a=\"1\",b=\"2\",le=\"0.0025\"} 0\n"))
        #expect(text.contains("\(name)_bucket{a=\"1\",b=\"2\",le=\"0.005\"} 1\n"))
        #expect(text.contains("\(name)_bucket{a=\"1\",b=\"2\",le=\"2.5\"} 2\n"))
        #expect(text.contains("\(name)_bucket{a=\"1\",b=\"2\",le=\"+Inf\"} 3\n"))
        #expect(text.contains("\(name)_sum{a=\"1\",b=\"2\"} 101.003\n"))
        #expect(text.contains("\(name)_count{a=\"1\",b=\"2\"} 3\n"))
    }

    @Test func labelValuesCannotBreakOut() {
        Counter(label: "a", dimensions: [("path-x", "q\"\n\\"), ("le", "1")], factory: registry).increment()
        #expect(registry.render().contains("a_total{le_=\"1\",path_x=\"q\\\"\\n\\\\\"} 1\n"))
    }

    @Test func numberOfSeriesIsBounded() {
        for number in 0..<1_000 {
            Counter(label: "wild", dimensions: [("id", "\(number)")], factory: registry).increment()
        }
        let lines = registry.render().split(separator: "\n").filter { $0.hasPrefix("wild_total") }
        #expect(lines.count == 501)
        #expect(lines.contains("wild_total{overflow=\"true\"} 500"))
    }

    @Test func nameOfAnotherKindIsNotShownTwice() {
        Gauge(label: "same", factory: registry).record(1)
        Recorder(label: "same", aggregate: true, factory: registry).record(2)
        #expect(registry.render().components(separatedBy: "# TYPE same ").count == 2)
    }

    @Test func destroyedSeriesIsGone() {
        let counter = Counter(label: "gone", factory: registry)
        counter.increment()
        #expect(registry.render().contains("gone_total"))
        counter.destroy()
        #expect(!registry.render().contains("gone_total"))
    }

    @Test func countsOfManyTasksAddUp() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { [registry] in
                    for _ in 0..<1_000 { Counter(label: "busy", factory: registry).increment() }
                }
            }
        }
        #expect(registry.render().contains("busy_total 8000\n"))
    }

    @Test func processReportsItself() throws {
        let text = registry.render()
        func value(_ name: String) throws -> Double {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") })
            return try #require(Double(line.dropFirst(name.count + 1)))
        }
        #expect(try value("process_resident_memory_bytes") > 1_000_000)
        #expect(try value("process_open_fds") >= 3)
        #expect(try value("process_max_fds") > 100)
        #expect(try value("process_cpu_seconds_total") >= 0)
        let age = Date().timeIntervalSince1970 - (try value("process_start_time_seconds"))
        #expect((-5...86_400).contains(age))
        #expect(try value("process_threads") >= 1)
    }
}
