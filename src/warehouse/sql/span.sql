{{ table }}
    WHERE Timestamp >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND Timestamp < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      AND ({% for service in services %}startsWith(ServiceName, {service_{{ loop.index }}:String}){% if not loop.last %} OR {% endif %}{% endfor %})
